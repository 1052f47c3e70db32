import type { FunctionId } from "../../provider/provider.ts";

/**
 * The contract of whatever keeps invocations until they have run. Each passes two stages: it runs until it is `completed` or
 * `dead`, and then, where it names a callback, its answer is delivered. In both, work is claimed under a lease, so that
 * what a crash interrupts is claimed again: at least once, with an attempt number that says so.
 *
 * Work stands in lines: of a function's invocations (`lineOfFunction`), of the callbacks to one host (`callbackLine`). What
 * rejects does so with `QueueError`.
 */
export interface Queue extends AsyncDisposable {
  /** What was accepted is on a disk then, and not only with the kernel of whoever has the disk. */
  readonly survivesPowerLoss: boolean;

  /**
   * Resolves when it would survive a crash of whatever keeps it, and with `survivesPowerLoss` a loss of power. `false`: an invocation of this call id is there already, queued or with
   * its result kept, and nothing was stored. The body's memory is taken over: nobody may look at it afterwards.
   */
  enqueue(submission: Submission): Promise<boolean>;

  /** The lines in which something is due now, and when there will be more at the latest. */
  due(stage: Stage): Promise<Due>;
  /** The oldest of what is due in a line, at most `limit`, for `leaseMs` from now. */
  claim(line: string, limit: number, leaseMs: number): Promise<Claim[]>;
  claimCallbacks(line: string, limit: number, leaseMs: number): Promise<CallbackClaim[]>;
  /** From now on for `leaseMs` again. Resolves with the leases that are somebody else's by now, or nobody's. */
  renew(leases: readonly Lease[], leaseMs: number): Promise<Lease[]>;
  /** What became of it. `false`: the lease was lost, and nothing was changed. */
  settle(lease: Lease, settlement: Settlement): Promise<boolean>;

  /** `undefined`: never seen, or forgotten by now. */
  find(callId: string): Promise<InvocationRecord | undefined>;
  answer(callId: string): Promise<Answer | undefined>;
  /** The newest first; `before`: those older than the one of this call id, for the next page. */
  deadLetters(limit: number, before?: string): Promise<InvocationRecord[]>;
  /** Has dead letters run once more, as if they were new but with their call ids: these, or all. Resolves with how many. */
  redrive(callIds: readonly string[] | "all"): Promise<number>;
  /** Forgets dead letters, which nothing else does. Resolves with how many. */
  discard(callIds: readonly string[] | "all"): Promise<number>;

  stats(): Promise<QueueStats>;
  /** Calls it when there may be something due that was not before; until the function that it returns is called. */
  watch(onDue: () => void): () => void;
  /** What is under way is finished first. Twice is once. */
  close(): Promise<void>;
}

export type Stage = "invocation" | "callback";

export interface Submission {
  readonly callId: string;
  readonly function: FunctionId;
  readonly request: QueuedRequest;
  /** As `parseCallbackUrl` gave it. */
  readonly callbackUrl: string | undefined;
  /** From now on; 0: at once. */
  readonly delayMs: number;
}

/** What the function will be asked. */
export interface QueuedRequest {
  readonly method: string;
  /** What follows the function's name, from its slash on; empty where nothing does. */
  readonly path: string;
  /** Without `?`. */
  readonly query: string;
  /** Names and values in turn, as they came; latin1. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}

/** What the function said. */
export interface Answer {
  readonly status: number;
  /** As in `QueuedRequest`. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
  readonly durationMs: number;
}

export interface Due {
  readonly lines: readonly string[];
  /** In milliseconds from now; `undefined`: that is not known. */
  readonly nextMs: number | undefined;
}

/** Whoever has it may settle what it is of, until it runs out. */
export type Lease = string;

interface Leased {
  readonly lease: Lease;
  readonly callId: string;
  readonly function: FunctionId;
  /** From 1 on; goes on counting when a dead letter is redriven. */
  readonly attempt: number;
  /** As `attempt`, but of those only that count for giving up: not before a redrive, and none that was given back. */
  readonly tries: number;
}

export interface Claim extends Leased {
  readonly request: QueuedRequest;
}

/** Its attempts are those of the delivery. */
export interface CallbackClaim extends Leased {
  readonly url: string;
  readonly answer: Answer;
}

export type Settlement =
  /** The function has answered, or the callback was delivered. */
  | { readonly kind: "completed"; readonly answer: Answer | undefined }
  /** Once more, in so many milliseconds. `isCounted`: it is a try that failed; otherwise it is only given back. */
  | {
      readonly kind: "retry";
      readonly delayMs: number;
      readonly reason: string;
      readonly isCounted: boolean;
    }
  /** Given up. The last answer, where there was one, is delivered and kept. */
  | { readonly kind: "dead"; readonly reason: string; readonly answer: Answer | undefined };

/** `delayed`: not due yet, for its delay or for its next try. */
export type InvocationState = "delayed" | "queued" | "running" | "completed" | "dead";

type CallbackState = "none" | "waiting" | "pending" | "delivered" | "failed";

export interface InvocationRecord {
  readonly callId: string;
  readonly function: FunctionId;
  readonly state: InvocationState;
  /** How often it was begun. */
  readonly attempt: number;
  /** Or redriven. */
  readonly queuedAt: Date;
  /** When it became `completed` or `dead`. */
  readonly finishedAt: Date | undefined;
  /** Of the answer, where there is one. */
  readonly status: number | undefined;
  readonly durationMs: number | undefined;
  /** Why the last try failed. */
  readonly reason: string | undefined;
  /** `waiting`: for the invocation. */
  readonly callback: CallbackState;
  readonly callbackReason: string | undefined;
}

export interface QueueStats {
  /** All that has not finished: `queued`, `delayed` and `running`. */
  readonly depth: number;
  readonly running: number;
  /** Of these, since when the oldest is there, until now; 0 where there is none. */
  readonly oldestMs: number;
  readonly deadLetters: number;
  readonly callbacks: number;
  /** `depth` by function, of those with any. */
  readonly depths: readonly (FunctionId & { readonly depth: number })[];
}

/**
 * `newer`: its data is of a newer program. `unusable`: it cannot be opened. `failed`: it could not be written or read.
 * `full`: there is no room to write it, and nothing has changed. `away`: it cannot be reached just now. `closed`.
 */
export type QueueFailure = "newer" | "unusable" | "failed" | "full" | "away" | "closed";

export class QueueError extends Error {
  override readonly name = "QueueError";
  readonly code: QueueFailure;

  constructor(code: QueueFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What is told of an invocation that nobody answered. Each its own, since bodies are handed over. */
export function unreachable(): Answer {
  return { status: 503, headers: [], body: new Uint8Array(0), durationMs: 0 };
}

/** Neither part has a slash in it. */
export const lineOfFunction = ({ name, namespace }: FunctionId): string => `${namespace}/${name}`;

export function functionOfLine(line: string): FunctionId {
  const [namespace = "", name = ""] = line.split("/");
  return { name, namespace };
}

/** The callbacks to one host. */
export const callbackLine = (url: string): string => new URL(url).host;
