import type { Exchange } from "../http/exchange.ts";
import type { Bill, Outcome } from "../process/outcome.ts";
import { outcomeDetail, outcomeWord } from "./failure.ts";
import type { InvocationRecord } from "./telemetry.ts";

/** nginx's status for a client that left before it had an answer. */
export const CLIENT_LEFT = 499;

export interface InvocationEnd {
  readonly status: number;
  readonly milliseconds: number;
  readonly waitedMs: number | undefined;
  /** `undefined`: nothing was started, or what was started is not what the client heard of. */
  readonly outcome: Outcome | undefined;
  readonly bill: Bill | undefined;
  readonly command: readonly string[];
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
    outcome: outcome === undefined ? withoutProcess(status) : outcomeWord(outcome),
    detail: outcome === undefined ? undefined : outcomeDetail(outcome, end.command),
    callId: headers["x-call-id"] as string | undefined,
    userAgent: headers["user-agent"],
    bill: end.bill,
  };
}

function withoutProcess(status: number): "aborted" | "refused" {
  return status === CLIENT_LEFT ? "aborted" : "refused";
}
