import type { IncomingMessage } from "node:http";
import type { RequestHead } from "./request-head.ts";

/** How much of a body that nobody wants is read, so that its connection can be kept. Go reads as much. */
const DISCARDED_BYTES = 256 * 1024;

/** What is still to come of a body that nobody wants is too much, or perhaps, to be waited for. */
export function leavesTooMuch(request: IncomingMessage, { bodyLength }: RequestHead): boolean {
  return !request.complete && (bodyLength < 0 || bodyLength > DISCARDED_BYTES);
}
