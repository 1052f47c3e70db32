import type { Exchange } from "../../http/exchange.ts";
import { toUpstreamHeaders } from "../../http/proxy/request-headers.ts";
import type { QueuedRequest } from "../queue/queue.ts";
import { DELAY_HEADER } from "./delay.ts";

/** What the gateway says of an invocation, or keeps to itself; the function gets its own of them with each attempt. */
const NOT_KEPT: ReadonlySet<string> = new Set([
  DELAY_HEADER,
  "x-breeze-attempt",
  "x-breeze-delivery",
  "x-call-id",
  "x-callback-url",
  "x-duration-seconds",
  "x-function-status",
  "x-start-time",
]);

/** The function's request as it is kept. `secret`: a header that was for the gateway alone, in small letters. */
export function toQueuedRequest(
  { request, head }: Exchange,
  rest: string,
  secret: string | undefined,
  body: Uint8Array,
): QueuedRequest {
  const notKept = secret === undefined ? NOT_KEPT : new Set([...NOT_KEPT, secret]);
  return {
    method: request.method ?? "POST",
    path: rest === "/" ? "" : rest,
    query: head.query,
    headers: toUpstreamHeaders(request.rawHeaders, () => {}, notKept),
    body,
  };
}
