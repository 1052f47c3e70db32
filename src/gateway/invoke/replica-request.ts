import type { Exchange } from "../../http/exchange.ts";
import { ClientBody } from "../../http/proxy/request-body.ts";
import type { OutgoingRequest } from "../../http/proxy/request-wire.ts";
import { isUpgrading } from "../../http/upgrade.ts";

/** What a client has asked, whichever replica it is sent to. */
export interface ReplicaRequest {
  readonly exchange: Exchange;
  /** Of the path, what is the function's. */
  readonly rest: string;
  readonly headers: readonly string[];
  readonly body: Buffer | "streamed";
}

/** The request as one replica gets it. `authority`: the replica's. */
export function toOutgoingRequest(
  { exchange, rest, headers, body }: ReplicaRequest,
  authority: string,
): OutgoingRequest {
  const { request, head } = exchange;
  return {
    method: request.method as string,
    path: head.query === "" ? rest : `${rest}?${head.query}`,
    host: authority,
    headers,
    body: body === "streamed" ? stream(exchange) : body,
    length: lengthOf(exchange, body),
    upgrade: isUpgrading(request) ? request.headers.upgrade : undefined,
  };
}

function stream(exchange: Exchange): ClientBody {
  // Until somebody is there who takes it.
  exchange.postponeBody();
  return new ClientBody(exchange, Number.POSITIVE_INFINITY, () => {});
}

/** A body without a length that is here as a whole has one by now; that there is none is said only if it was. */
function lengthOf({ request, head }: Exchange, body: Buffer | "streamed"): number | undefined {
  if (body === "streamed") return head.bodyLength;
  const isSaid = head.bodyLength !== 0 || request.headers["content-length"] !== undefined;
  return isSaid ? body.length : undefined;
}
