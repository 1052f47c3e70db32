import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { withoutMapping } from "../../http/address.ts";
import { toUpstreamHeaders } from "../../http/proxy/request-headers.ts";
import { createTraceParent, isTraceParent } from "./call-id.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

/** What only the gateway can say, or somebody whom it trusts; what a client says of it goes no further. */
const SAID_ANEW: ReadonlySet<string> = new Set([
  "forwarded",
  "traceparent",
  "tracestate",
  "x-call-id",
  "x-duration-seconds",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-function-status",
  "x-real-ip",
  "x-start-time",
]);

export interface CallHeaders {
  readonly callId: string;
  readonly startTime: string;
}

export interface Sender {
  /** Of a request that has no `User-Agent`. */
  readonly userAgent: string;
  readonly proxies: TrustedProxies;
}

/**
 * The headers of a request as a replica gets them, names and values in turn. `host`: the one that the client asked.
 * `secret`: the name of a header that is the gateway's to know, in small letters.
 */
export function toReplicaHeaders(
  request: IncomingMessage,
  host: string,
  { callId, startTime }: CallHeaders,
  { userAgent, proxies }: Sender,
  secret: string | undefined,
): string[] {
  const { headers, rawHeaders, socket } = request;
  const saidAnew = secret === undefined ? SAID_ANEW : new Set([...SAID_ANEW, secret]);
  const sent = toUpstreamHeaders(rawHeaders, () => {}, saidAnew);
  if (headers["user-agent"] === undefined) sent.push("User-Agent", userAgent);
  sent.push("X-Call-Id", callId, "X-Start-Time", startTime);
  pushForwarded(sent, headers, host, withoutMapping(socket.remoteAddress), proxies);
  pushTrace(sent, headers);
  return sent;
}

function pushForwarded(
  sent: string[],
  headers: IncomingHttpHeaders,
  host: string,
  client: string,
  proxies: TrustedProxies,
): void {
  if (!proxies.has(client)) {
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
