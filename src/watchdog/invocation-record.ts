import type { Exchange } from "../http/exchange.ts";
import type { Bill, Outcome } from "../process/outcome.ts";
import { outcomeDetail, outcomeWord } from "./failure.ts";
import type { InvocationRecord, OutcomeWord } from "./telemetry.ts";

/** nginx's status for a client that left before it had an answer. */
export const CLIENT_LEFT = 499;

/** How an answer ended that was made by something that goes on running. */
export type Served =
  | { readonly kind: "served" }
  | { readonly kind: "upstreamFailed"; readonly reason: string };

export interface InvocationEnd {
  readonly status: number;
  readonly milliseconds: number;
  readonly waitedMs: number | undefined;
  /** `undefined`: nothing was started, or what was started is not what the client heard of. */
  readonly outcome: Outcome | undefined;
  /** Counts where there is no outcome. */
  readonly served: Served | undefined;
  readonly bill: Bill | undefined;
  readonly command: readonly string[];
  /** Why the request was not let in. */
  readonly denied: string | undefined;
}

export function toRecord(exchange: Exchange, path: string, end: InvocationEnd): InvocationRecord {
  const { method, headers, url } = exchange.request;
  const { status, outcome } = end;
  return {
    method: method as string,
    path,
    target: url as string,
    status,
    milliseconds: end.milliseconds,
    waitedMs: end.waitedMs,
    bytes: exchange.bytesAnswered,
    reason: status === CLIENT_LEFT ? undefined : exchange.response.statusMessage,
    outcome: outcome === undefined ? withoutProcess(end) : outcomeWord(outcome),
    detail: outcome === undefined ? servedDetail(end) : outcomeDetail(outcome, end.command),
    denied: end.denied,
    callId: headers["x-call-id"] as string | undefined,
    userAgent: headers["user-agent"],
    bill: end.bill,
  };
}

function withoutProcess({ status, served }: InvocationEnd): OutcomeWord {
  if (status === CLIENT_LEFT) return "aborted";
  if (served === undefined) return "refused";
  return served.kind === "served" ? "ok" : "upstream-failed";
}

function servedDetail({ served }: InvocationEnd): string | undefined {
  return served?.kind === "upstreamFailed" ? served.reason : undefined;
}
