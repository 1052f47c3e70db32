import { STATUS_CODES } from "node:http";
import type { Failure } from "../invoke/failure.ts";
import { QueueError } from "../queue/queue.ts";

/** An invocation that is not queued. */
export function refusal(status: number, reason: string, headers: readonly string[] = []): Failure {
  const type = ["Content-Type", "text/plain; charset=utf-8"];
  return { status, headers: [...type, ...headers], body: `${STATUS_CODES[status]}: ${reason}\n` };
}

/**
 * Where the queue cannot take it just now. What keeps the queue says itself when it goes and comes, and what runs from it when
 * it is full: for each submission there is an answer, and no line. `undefined`: another failure.
 */
export function expectedRefusal(error: unknown): Failure | undefined {
  const { code, message } = error instanceof QueueError ? error : { code: undefined, message: "" };
  if (code === "away") return refusal(503, `${message}; try again`, ["Retry-After", "5"]);
  return code === "full" ? refusal(507, message) : undefined;
}
