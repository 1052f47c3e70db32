import type { IncomingMessage } from "node:http";
import type { OutgoingRequest } from "../../http/proxy/proxied-request.ts";
import { toUpstreamHeaders } from "../../http/proxy/request-headers.ts";
import type { RequestHead } from "../../http/request-head.ts";
import { isUpgrading } from "../../http/upgrade.ts";
import type { HttpMode } from "./http-mode.ts";

export interface OutgoingBody {
  readonly body: OutgoingRequest["body"];
  /** Of one that comes in pieces; -1 where only its end will tell. */
  readonly length: number;
}

/** The request as the function gets it. */
export function toOutgoingRequest(
  { basePath, authority, context }: HttpMode,
  request: IncomingMessage,
  { path, query, host }: RequestHead,
  { body, length }: OutgoingBody,
): OutgoingRequest {
  const headers = toUpstreamHeaders(request.rawHeaders, () =>
    context.telemetry.headerDropped("proxy"),
  );
  headers.push("host", host === "" ? authority : host);
  // Of one that is here as a whole undici says the length itself.
  if (!Buffer.isBuffer(body) && length > 0) headers.push("content-length", String(length));
  return {
    method: request.method as string,
    path: `${basePath}${query === "" ? path : `${path}?${query}`}`,
    headers,
    body,
    upgrade: isUpgrading(request) ? request.headers.upgrade : undefined,
  };
}
