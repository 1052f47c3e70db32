import type { IncomingMessage } from "node:http";
import { toUpstreamHeaders } from "../../http/proxy/request-headers.ts";
import type { OutgoingRequest } from "../../http/proxy/request-wire.ts";
import type { RequestHead } from "../../http/request-head.ts";
import { isUpgrading } from "../../http/upgrade.ts";
import type { HttpMode } from "./http-mode.ts";

type OutgoingBody = Pick<OutgoingRequest, "body" | "length">;

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
  return {
    method: request.method as string,
    path: `${basePath}${query === "" ? path : `${path}?${query}`}`,
    host: host === "" ? authority : host,
    headers,
    body,
    length,
    upgrade: isUpgrading(request) ? request.headers.upgrade : undefined,
  };
}
