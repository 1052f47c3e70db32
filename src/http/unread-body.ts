import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestHead } from "./request-head.ts";

/** How much of a body that nobody wants is read, so that its connection can be kept. Go reads as much. */
const DISCARDED_BYTES = 256 * 1024;

/** What is still to come of a body that nobody wants is too much, or perhaps, to be waited for. */
export function leavesTooMuch(request: IncomingMessage, { bodyLength }: RequestHead): boolean {
  return !request.complete && (bodyLength < 0 || bodyLength > DISCARDED_BYTES);
}

/**
 * Has a client that waits with its body send it. Where it was not asked, node closes the connection behind the answer, and must be let say
 * so (`sayNothingOfConnection`): whether the body comes all the same, nobody knows.
 */
export function askForBody(response: ServerResponse): void {
  response.writeContinue();
  if (response.shouldKeepAlive) sayNothingOfConnection(response);
}

/** In HTTP/1.1 a connection is kept unless somebody says otherwise; node says it with two headers all the same. */
export function sayNothingOfConnection(response: ServerResponse): void {
  response.removeHeader("connection");
}
