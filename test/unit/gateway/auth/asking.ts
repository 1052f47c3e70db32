import type { IncomingHttpHeaders } from "node:http";
import type { AskingRequest } from "../../../../src/gateway/auth/asking-request.ts";

/** A request with these headers, from an address. */
export function asking(
  headers: IncomingHttpHeaders = {},
  remoteAddress = "127.0.0.1",
): AskingRequest {
  return { headers, socket: { remoteAddress } };
}
