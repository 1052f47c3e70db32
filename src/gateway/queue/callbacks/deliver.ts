import type { AddressMatcher } from "../../../core/networks.ts";
import type { CallbackClaim, Settlement } from "../queue.ts";
import { type Backoff, retryDelay } from "../retry.ts";
import { callbackHeaders } from "./callback-headers.ts";
import { CallbackRefused, hostOf } from "./callback-url.ts";
import { postTo } from "./post.ts";
import { type ResolveHost, resolveAllowed } from "./resolve-host.ts";

export interface DeliveryOptions extends Backoff {
  /** Where callbacks may go. */
  readonly isAllowed: AddressMatcher;
  /** `undefined`: callbacks are not signed. */
  readonly signingKey: Uint8Array | undefined;
  /** Of one try, from the name's resolution to the status. */
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly resolve: ResolveHost;
}

export const DELIVERY_DEFAULTS = Object.freeze({
  timeoutMs: 10_000,
  attempts: 6,
  minWaitMs: 1_000,
  maxWaitMs: 300_000,
});

/** Answers that say: not now. All others but 2xx say: never. */
const TRANSIENT: ReadonlySet<number> = new Set([408, 425, 429]);

export interface Delivery {
  readonly settlement: Settlement;
  /** The host answered, whatever it said; `undefined`: it was not asked. */
  readonly isHostWell: boolean | undefined;
}

/** One try to deliver an answer, and what becomes of it. Rejects only when the signal is aborted. */
export async function deliver(
  claim: CallbackClaim,
  options: DeliveryOptions,
  signal: AbortSignal,
): Promise<Delivery> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs)]);
  try {
    const status = await post(claim, options, bounded);
    if (status >= 200 && status < 300) {
      return { settlement: { kind: "completed", answer: undefined }, isHostWell: true };
    }
    const isTransient = status >= 500 || TRANSIENT.has(status);
    const settlement = failed(claim, options, `the callback answered ${status}`, isTransient);
    return { settlement, isHostWell: !isTransient };
  } catch (error) {
    signal.throwIfAborted();
    const isRefused = error instanceof CallbackRefused;
    const reason = bounded.aborted
      ? `the callback did not answer within ${options.timeoutMs} ms`
      : (error as Error).message || (error as NodeJS.ErrnoException).code || "no connection";
    const settlement = failed(claim, options, reason, !isRefused);
    return { settlement, isHostWell: isRefused ? undefined : false };
  }
}

async function post(
  claim: CallbackClaim,
  { isAllowed, signingKey, resolve }: DeliveryOptions,
  signal: AbortSignal,
): Promise<number> {
  const url = new URL(claim.url);
  const address = await until(signal, resolveAllowed(hostOf(url), isAllowed, resolve));
  return postTo(address, url, callbackHeaders(claim, signingKey), claim.answer.body, signal);
}

/** A resolution cannot be aborted, only left behind. */
async function until<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function failed(
  { tries }: CallbackClaim,
  options: DeliveryOptions,
  reason: string,
  isTransient: boolean,
): Settlement {
  if (!isTransient) return { kind: "dead", reason, answer: undefined };
  if (tries >= options.attempts) {
    return { kind: "dead", reason: `given up after ${tries} tries: ${reason}`, answer: undefined };
  }
  return { kind: "retry", delayMs: retryDelay(tries, options), reason, isCounted: true };
}
