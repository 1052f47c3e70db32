import type { Bill, Outcome } from "./outcome.ts";
import type { SpliceSockets } from "./splice.ts";

/** The largest body that travels whole in the request to start; what is bigger, or not complete yet, is written to the run. */
export const INLINE_BODY_LIMIT_BYTES = 64 * 1024;

/** A resource limit that is set in the process before the program runs (setrlimit(2)). */
export interface ResourceLimit {
  /** The kernel's number, RLIMIT_*. */
  readonly resource: number;
  readonly soft: bigint;
  readonly hard: bigint;
}

/** What is the same for every run: set once. */
export interface ProcessesOptions {
  /** Program and arguments; one character is one byte (latin1). A name without `/` is looked up in the environment's PATH. Empty: nothing is ever run. */
  readonly command: readonly string[];
  /** The environment that every process starts from: `NAME=value` strings, latin1. */
  readonly baseEnvironment: readonly string[];
  /** Between TERM and KILL, in milliseconds. */
  readonly termGraceMs: number;
  /** What a process leaves running behind its answer: ended, or kept. */
  readonly daemons: "kill" | "keep";
  /** Whether each run gets a control group of its own, where that can be had. @defaultValue off */
  readonly cgroups?: "off" | "on";
  /** How readily the kernel kills them when memory runs out: oom_score_adj of proc(5), from -1000 to 1000. @defaultValue 0 */
  readonly oomScore?: number;
}

export interface RunOptions {
  /** The request's own variables, each `NAME=value` and ended by a NUL, latin1: one character is one byte. They win over the base environment. */
  readonly environment: string;
  /** All of the input, at most `INLINE_BODY_LIMIT_BYTES`; `undefined`: it is written to the run. */
  readonly body: Uint8Array | undefined;
  /** From the start until the outcome is `timedOut`, in milliseconds; 0 is no limit. */
  readonly deadlineMs: number;
  /** stderr goes into stdout's pipe, so that their order is kept. */
  readonly combineOutput: boolean;
  /**
   * Small output waits for the exit, so that answer and outcome arrive in one step: `true` as long as it takes, `"briefly"`
   * for a few milliseconds. Otherwise each chunk is passed on at once.
   */
  readonly holdOutput: boolean | "briefly";
  /** Whether the process has a pipe on descriptor 3. @defaultValue false */
  readonly controlDescriptor?: boolean;
  readonly limits?: readonly ResourceLimit[];
}

/** Called in this order: output, error output and control output in any mixture, then `onOutcome` once, then `onGone` once. */
export interface RunListener {
  /** A piece of stdout. The buffer is the receiver's to keep, or to give back. Never called after `onOutcome`. */
  onOutput(chunk: Buffer): void;
  /** A piece of stderr. The buffer is the receiver's to keep. May still be called between `onOutcome` and `onGone`. */
  onErrorOutput(chunk: Buffer): void;
  /**
   * A piece of what it writes to descriptor 3: before any of stdout that was written later, and all that was written before
   * the exit. The buffer is the receiver's to keep. Never called after `onOutcome`.
   */
  onControlOutput(chunk: Buffer): void;
  /**
   * The outcome is decided, and all of stdout that belongs to it was passed on: the answer can leave. At the deadline this
   * is at once, whoever still holds the pipes; otherwise when the process has ended and stdout has.
   */
  onOutcome(outcome: Outcome): void;
  /** Nothing of the process's session is left: the invocation's place is free. */
  onGone(bill: Bill): void;
  /** The input takes more again, after `write` returned false. */
  onInputDrain(): void;
  /** Nobody reads the input any more (the process closed it or ended): what is left of it can be thrown away. */
  onInputClosed(): void;
}

/** One process and all that it starts. */
export interface Run {
  /**
   * Passes input on; false: wait for `onInputDrain`. A no-op once nobody reads. The chunk is the run's from then on: its
   * memory may be given back as soon as it is written (`core/give-back.ts`).
   */
  write(chunk: Uint8Array): boolean;
  /** The input is complete: the process reads its end. */
  endInput(): void;
  /** Backpressure: while paused at most a pipe's worth of output is held. */
  pauseOutput(): void;
  resumeOutput(): void;
  /** Ends the session: TERM, grace, KILL. Decides the outcome, synchronously, if nothing has yet. */
  terminate(reason: "aborted" | "outputTooLarge"): void;
}

/** What a way of starting processes cannot do; `lacks` of `Processes` names them, tests and the start warning read it. */
export type Lack =
  | "environmentBytes"
  | "reapsOrphans"
  | "findsEscapees"
  | "bill"
  | "stdinByPath"
  | "resourceLimits"
  | "coreDumpFlag"
  | "closesDescriptors"
  | "outputOrder"
  | "execFormatError"
  | "diesWithWatchdog";

/** Makes the processes of one function. */
export interface Processes extends AsyncDisposable {
  readonly name: "spawner" | "child_process";
  readonly lacks: readonly Lack[];
  /** Never throws: what cannot be started has the outcome `spawnFailed`. */
  start(options: RunOptions, listener: RunListener): Run;
  /** `undefined`: what goes from socket to socket is Node's to read and write. */
  readonly splice: SpliceSockets | undefined;
  /** Ends every session, at once and without grace, and what makes them. */
  close(): Promise<void>;
}

/** What the maker of processes has to say by itself. */
export interface ProcessesEvents {
  /** It is gone and no process can be made any more: the watchdog must end. */
  onLost(message: string): void;
  /** Something cannot be done here, and how it goes on without. Said once each. */
  onWarning(message: string): void;
  /** A signal that PID 1 received for the watchdog (in the image); Node itself ignores them there. */
  onSignal(signal: NodeJS.Signals): void;
}
