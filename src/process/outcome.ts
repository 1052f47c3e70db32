/**
 * How an invocation's process ended: a value, never an exception. The first reason wins: a process that is terminated
 * because its client left is `aborted`, whatever signal then ended it.
 */
export type Outcome =
  | { readonly kind: "exited"; readonly exitCode: number }
  | { readonly kind: "signaled"; readonly signal: number; readonly coreDumped: boolean }
  | { readonly kind: "timedOut" }
  | { readonly kind: "aborted" }
  | { readonly kind: "outputTooLarge" }
  /** What it wrote cannot be an answer. */
  | { readonly kind: "badAnswer"; readonly reason: string }
  | { readonly kind: "spawnFailed"; readonly errno: number };

export type OutcomeKind = Outcome["kind"];

/**
 * What one process cost, from `wait4`: its own figures and those of the children it waited for. Grandchildren that were
 * not waited for are not in them.
 */
export interface Bill {
  readonly pid: number;
  /** CPU time in user mode, in microseconds. */
  readonly userMicros: number;
  /** CPU time in the kernel, in microseconds. */
  readonly systemMicros: number;
  /** Peak resident memory in KiB. */
  readonly maxRssKiB: number;
  /** From the request to start until the process existed, in microseconds. */
  readonly startMicros: number;
  /** From the start until the process was waited for, in microseconds. */
  readonly wallMicros: number;
}

/** The bill of a process that never was. */
export const NO_BILL: Bill = Object.freeze({
  pid: 0,
  userMicros: 0,
  systemMicros: 0,
  maxRssKiB: 0,
  startMicros: 0,
  wallMicros: 0,
});
