import { JetStreamApiError } from "@nats-io/jetstream";
import { RequestError, TimeoutError } from "@nats-io/transport-node";
import { QueueError } from "../queue.ts";
import type { Session } from "./session.ts";

export const closed = () => new QueueError("closed", "the queue is closed");
export const away = (options?: ErrorOptions) =>
  new QueueError("away", "NATS, which keeps what is queued, is away", options);

/** Of the server, of the account, of the storage: the errors 10023, 10002 and 10047 of JetStream. */
const NO_ROOM: readonly number[] = [10023, 10002, 10047];

/** Where the connection was lost meanwhile nobody knows what became of it. */
export function toQueueError(cause: unknown, session: Session): QueueError {
  if (cause instanceof QueueError) return cause;
  const isUnanswered = cause instanceof TimeoutError || cause instanceof RequestError;
  if (!session.isOpen || isUnanswered) return away({ cause });
  if (cause instanceof JetStreamApiError && NO_ROOM.includes(cause.code)) {
    return new QueueError("full", "there is no room in NATS, which keeps what is queued", {
      cause,
    });
  }
  return new QueueError("failed", `the queue failed: ${(cause as Error).message}`, { cause });
}
