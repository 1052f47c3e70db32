import { RequestError, TimeoutError } from "@nats-io/transport-node";
import { QueueError } from "../queue.ts";
import type { Session } from "./session.ts";

export const closed = () => new QueueError("closed", "the queue is closed");
export const away = (options?: ErrorOptions) =>
  new QueueError("away", "NATS, which keeps what is queued, is away", options);

/** Where the connection was lost meanwhile nobody knows what became of it. */
export function toQueueError(cause: unknown, session: Session): QueueError {
  if (cause instanceof QueueError) return cause;
  const isUnanswered = cause instanceof TimeoutError || cause instanceof RequestError;
  if (!session.isOpen || isUnanswered) return away({ cause });
  return new QueueError("failed", `the queue failed: ${(cause as Error).message}`, { cause });
}
