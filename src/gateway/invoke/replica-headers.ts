import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { AddressMatcher } from "../../core/networks.ts";
import { withoutMapping } from "../../http/address.ts";
import { toUpstreamHeaders } from "../../http/proxy/request-headers.ts";
import { createTraceParent, isTraceParent } from "./call-id.ts";

/** What only the gateway can say, or somebody whom it trusts; what a client says of it goes no further. */
const SAID_ANEW: ReadonlySet<string> = new Set([
  "traceparent",
  "tracestate",
  "x-call-id",
  "x-duration-seconds",
  "x-function-status",
  "x-start-time",
]);

/** Says that a request is the gateway's own, to the gateway alone. */
export const DELIVERY_HEADER = "x-breeze-delivery";
/** Tells a function how often an invocation was begun: from 2 on it may have run before. */
export const ATTEMPT_HEADER = "x-breeze-attempt";

/** Where a request came from, in small letters. */
export const ORIGIN_HEADERS: readonly string[] = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
];

/** The same of those that are not the gateway's own: what only its queue can say goes no further either. */
const SAID_ANEW_OF_CLIENTS: ReadonlySet<string> = new Set([
  ...SAID_ANEW,
  ...ORIGIN_HEADERS,
  ATTEMPT_HEADER,
  DELIVERY_HEADER,
]);

export interface CallHeaders {
  readonly callId: string;
  readonly startTime: string;
}

export interface Asking {
  /** The host that was asked. */
  readonly host: string;
  /** It is the gateway's own: it says itself where what was queued came from. */
  readonly isDelivery: boolean;
  /** The names of headers that are the gateway's to know, in small letters. */
  readonly secrets: readonly string[];
}

export interface Sender {
  /** Of a request that has no `User-Agent`. */
  readonly userAgent: string;
  /** Whose word counts on where a request came from. */
  readonly isTrustedProxy: AddressMatcher;
}

/** The headers of a request as a replica gets them, names and values in turn. */
export function toReplicaHeaders(
  request: IncomingMessage,
  { host, isDelivery, secrets }: Asking,
  { callId, startTime }: CallHeaders,
  { userAgent, isTrustedProxy }: Sender,
): string[] {
  const { headers, rawHeaders } = request;
  const always = isDelivery ? SAID_ANEW : SAID_ANEW_OF_CLIENTS;
  const saidAnew = secrets.length === 0 ? always : new Set([...always, ...secrets]);
  const sent = toUpstreamHeaders(rawHeaders, () => {}, saidAnew);
  if (headers["user-agent"] === undefined) sent.push("User-Agent", userAgent);
  sent.push("X-Call-Id", callId, "X-Start-Time", startTime);
  if (!isDelivery) pushOrigin(sent, request, host, isTrustedProxy);
  pushTrace(sent, headers);
  return sent;
}

/** Where a request came from, as the gateway sees it, or somebody whom it trusts; the client's own word for it is not in `sent`. */
export function pushOrigin(
  sent: string[],
  { headers, socket }: IncomingMessage,
  host: string,
  isTrustedProxy: AddressMatcher,
): void {
  const client = withoutMapping(socket.remoteAddress);
  if (!isTrustedProxy(client)) {
    sent.push("X-Forwarded-For", client, "X-Forwarded-Proto", "http");
    if (host !== "") sent.push("X-Forwarded-Host", host);
    return;
  }
  const before = said(headers, "x-forwarded-for");
  sent.push("X-Forwarded-For", before === undefined ? client : `${before}, ${client}`);
  const askedHost = said(headers, "x-forwarded-host") ?? host;
  if (askedHost !== "") sent.push("X-Forwarded-Host", askedHost);
  sent.push("X-Forwarded-Proto", said(headers, "x-forwarded-proto") ?? "http");
  const [forwarded, realIp] = [said(headers, "forwarded"), said(headers, "x-real-ip")];
  if (forwarded !== undefined) sent.push("Forwarded", forwarded);
  if (realIp !== undefined) sent.push("X-Real-Ip", realIp);
}

/** Of a trace that begins here nothing is known that was said of another one. */
function pushTrace(sent: string[], headers: IncomingHttpHeaders): void {
  const { traceparent } = headers;
  if (!isTraceParent(traceparent)) {
    sent.push("Traceparent", createTraceParent());
    return;
  }
  sent.push("Traceparent", traceparent);
  const state = said(headers, "tracestate");
  if (state !== undefined) sent.push("Tracestate", state);
}

function said(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
