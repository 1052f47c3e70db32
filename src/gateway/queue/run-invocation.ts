import type { FunctionId } from "../../provider/provider.ts";
import type { Answer, Claim, QueuedRequest, Settlement } from "./queue.ts";
import { type Backoff, retryDelay } from "./retry.ts";

/** What a function is asked by the queue. */
export interface Attempt {
  readonly callId: string;
  readonly function: FunctionId;
  /** From 1 on, for the function to see: from 2 on it may have run before, up to its end. */
  readonly attempt: number;
  readonly request: QueuedRequest;
}

/** Asks the function. Rejects where there is no answer, with `UnkeepableAnswer` where there is one that cannot be kept; the signal: nobody wants it any more. */
export type Invoke = (attempt: Attempt, signal: AbortSignal) => Promise<Answer>;

/** The function has run, and said what would be said again. */
export class UnkeepableAnswer extends Error {
  override readonly name = "UnkeepableAnswer";
}

export interface RetryPolicy extends Backoff {
  /** How often it is tried before it is a dead letter. */
  readonly attempts: number;
  /** The answers that are tried again. */
  readonly statuses: ReadonlySet<number>;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = Object.freeze({
  attempts: 5,
  minWaitMs: 1_000,
  maxWaitMs: 60_000,
  statuses: new Set([408, 429, 500, 502, 503, 504]),
});

/** One try of an invocation, and what becomes of it. Never rejects, but where `invoke` was aborted. */
export async function runInvocation(
  { callId, function: id, attempt, tries, request }: Claim,
  policy: RetryPolicy,
  invoke: Invoke,
  signal: AbortSignal,
): Promise<Settlement> {
  // Each of the tries before ended with the gateway: one more could end it again, for ever.
  if (tries > policy.attempts) {
    const reason = `given up after ${policy.attempts} tries: the last did not end before the gateway did`;
    return { kind: "dead", reason, answer: undefined };
  }
  const { answer, reason, isFinal } = await tryOnce();
  if (reason === undefined) return { kind: "completed", answer };
  if (isFinal) return { kind: "dead", reason, answer };
  if (tries >= policy.attempts) {
    return { kind: "dead", reason: `given up after ${tries} tries: ${reason}`, answer };
  }
  return { kind: "retry", delayMs: retryDelay(tries, policy), reason, isCounted: true };

  async function tryOnce(): Promise<Try> {
    try {
      const answer = await invoke({ callId, function: id, attempt, request }, signal);
      const isFinal = !policy.statuses.has(answer.status);
      const reason = isFinal ? undefined : `the function answered ${answer.status}`;
      return { answer, reason, isFinal };
    } catch (error) {
      signal.throwIfAborted();
      const isFinal = error instanceof UnkeepableAnswer;
      return { answer: undefined, reason: (error as Error).message, isFinal };
    }
  }
}

interface Try {
  readonly answer: Answer | undefined;
  /** Why it has failed; `undefined`: it has not. */
  readonly reason: string | undefined;
  /** Another one would end in the same way. */
  readonly isFinal: boolean;
}
