import type { Bill, OutcomeKind } from "../process/outcome.ts";

/** How an invocation ended, for log, metrics and the header `X-Breeze-Outcome`: one word everywhere. */
export type OutcomeWord =
  | "ok"
  | "exit"
  | "signal"
  | "timeout"
  | "aborted"
  | "output-too-large"
  | "bad-answer"
  | "spawn-failed"
  | "upstream-failed"
  | "refused";

/** One request from its headers to the end of all that it started. */
export interface InvocationRecord {
  readonly method: string;
  /** The request target as it came, without its query. */
  readonly path: string;
  /** The request target as it came. */
  readonly target: string;
  /** 499 where the client left before it had an answer. */
  readonly status: number;
  /** The words beside the status, as the client got them. */
  readonly reason: string | undefined;
  /** From the request's headers to the end of the answer. */
  readonly milliseconds: number;
  /** Of these, how long it waited for a place; `undefined` where it did not. */
  readonly waitedMs?: number | undefined;
  /** Bytes of the answer's body. */
  readonly bytes: number;
  readonly outcome: OutcomeWord;
  /** Exit code or signal, where it says more than the word. */
  readonly detail?: string | undefined;
  /** Why the request was not let in. */
  readonly denied?: string | undefined;
  readonly callId: string | undefined;
  readonly userAgent: string | undefined;
  /** `undefined` where no process was started. */
  readonly bill: Bill | undefined;
}

/**
 * Why the function is not told of a header. `proxy`: programs would take it for their proxy. `reserved`: it would pose as what
 * is no header. `ambiguous`: it would share a variable with another.
 */
export type HeaderFault = "proxy" | "reserved" | "ambiguous";

/** The function's own log lines of one invocation, or of one descriptor of it. */
export interface FunctionLog {
  write(chunk: Uint8Array): void;
  /** Passes on a last line without an end. */
  end(): void;
}

/** What happens in the watchdog, told to metrics and log. The request path knows nothing else of either. */
export interface Telemetry {
  /** A request for the function has arrived. */
  requestStarted(): void;
  /** It was answered, or its client has left (499). */
  requestEnded(method: string, status: number, seconds: number): void;
  /** It waits for a place. */
  waitStarted(): void;
  /** It has one, or waits no more. */
  waitEnded(seconds: number): void;
  /** A process is about to be started for it. */
  processStarting(): void;
  /** How a process ended and what it cost; `kind` is that of `Outcome`. */
  processEnded(kind: OutcomeKind, bill: Bill): void;
  /** After `requestEnded` and, where there was a process, after nothing of it is left. Writes the access line. */
  invocationEnded(record: InvocationRecord): void;
  headerDropped(reason: HeaderFault): void;
  functionLog(stream: "stderr" | "stdout"): FunctionLog;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
