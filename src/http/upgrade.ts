import type { IncomingMessage } from "node:http";
import { countHeader } from "./headers.ts";

/**
 * Whether a request may leave HTTP. One with a body would have to be read first, and HTTP/2 without TLS would carry requests
 * that nobody looks at: both are served as if they had not asked.
 */
export function mayUpgrade({ headers, httpVersionMinor, rawHeaders }: IncomingMessage): boolean {
  const hasBody =
    headers["transfer-encoding"] !== undefined || Number(headers["content-length"]) > 0;
  const protocols = (headers.upgrade ?? "").toLowerCase().split(",");
  const isHttp = protocols.some((protocol) => /^\s*(h2c?|http)\b/.test(protocol));
  return httpVersionMinor === 1 && !hasBody && !isHttp && countHeader(rawHeaders, "upgrade") === 1;
}

/** Node has let go of the request's connection, and says so in a property that its types do not have. */
export function isUpgrading(request: IncomingMessage): boolean {
  return "upgrade" in request && request.upgrade === true;
}
