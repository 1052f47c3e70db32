import type { Exchange } from "../../http/exchange.ts";
import type { FunctionId } from "../../provider/provider.ts";
import type { LoadSink } from "./load-share.ts";

/** One that has come to its end, for whoever writes it down. */
export interface EndedInvocation {
  readonly exchange: Exchange;
  readonly callId: string;
  /** Why the gateway answered itself, or cut the answer off; a line. `undefined`: the answer is the function's, and whole. */
  readonly failure: string | undefined;
}

/** What is counted of a function's invocations. What is in flight has started and not ended. */
export interface FunctionCounters {
  /** A request has come; it may have to wait for a replica. */
  started(): void;
  /** Once for each that has started. `status`: 499 where the client left before it had an answer. */
  ended(status: number, seconds: number, invocation: EndedInvocation): void;
}

export interface InvocationTelemetry {
  /** Called once for a function, as long as it is there; what it returns is kept. */
  of(id: FunctionId): FunctionCounters;
  /** The same. */
  loadOf(id: FunctionId): LoadSink;
  /** For names that are no function's: there are any number of those. */
  readonly unknown: FunctionCounters;
}

/** The status of an invocation whose client has left, as nginx writes it into its logs. */
export const CLIENT_LEFT = 499;
