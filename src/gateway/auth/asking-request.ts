import type { IncomingHttpHeaders } from "node:http";

/** What is looked at of a request, to know whose it is: an `IncomingMessage` is one. */
export interface AskingRequest {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** The value of a header that should be there once; of several, which Node joins, all. */
export function headerText(request: AskingRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : value?.join(", ");
}

/** The token of a header `Authorization: Bearer TOKEN` (RFC 6750). */
export function bearerOf(authorization: string): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1];
}
