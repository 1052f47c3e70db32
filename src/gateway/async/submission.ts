import type { AddressMatcher } from "../../core/networks.ts";
import type { Exchange } from "../../http/exchange.ts";
import { toUpstreamHeaders } from "../../http/proxy/request-headers.ts";
import {
  ATTEMPT_HEADER,
  DELIVERY_HEADER,
  ORIGIN_HEADERS,
  pushOrigin,
} from "../invoke/replica-headers.ts";
import type { QueuedRequest } from "../queue/queue.ts";
import { DELAY_HEADER } from "./delay.ts";

/** What the gateway says of an invocation, or keeps to itself; the function gets its own of them with each attempt. */
const NOT_KEPT: ReadonlySet<string> = new Set([
  DELAY_HEADER,
  ATTEMPT_HEADER,
  DELIVERY_HEADER,
  "x-call-id",
  "x-callback-url",
  "x-duration-seconds",
  "x-function-status",
  "x-start-time",
  ...ORIGIN_HEADERS,
]);

export interface Asked {
  readonly rest: string;
  /** The headers that were for the gateway alone, in small letters. */
  readonly secrets: readonly string[];
  /** Whose word counts on where a request came from. */
  readonly isTrustedProxy: AddressMatcher;
}

/** The function's request as it is kept, with where it came from: when it is delivered nobody can tell any more. */
export function toQueuedRequest(
  { request, head }: Exchange,
  { rest, secrets, isTrustedProxy }: Asked,
  body: Uint8Array,
): QueuedRequest {
  const notKept = new Set([...NOT_KEPT, ...secrets]);
  const headers = toUpstreamHeaders(request.rawHeaders, () => {}, notKept);
  pushOrigin(headers, request, head.host, isTrustedProxy);
  return {
    method: request.method ?? "POST",
    path: rest === "/" ? "" : rest,
    query: head.query,
    headers,
    body,
  };
}
