import type { FunctionId, Provider } from "../../provider/provider.ts";
import { functionKey } from "./function-turns.ts";
import type { ScaleOrders } from "./scale-orders.ts";
import type { OnScalingEvent } from "./scaling-event.ts";
import { Wake, type WakeOutcome } from "./wake.ts";

/** How waiting for a first replica ended. */
export type WaitOutcome =
  | WakeOutcome
  /** Too many wait already. */
  | { readonly kind: "crowded" }
  /** It took too long; the function goes on starting. */
  | { readonly kind: "deadline" }
  /** Whoever waited gave up. */
  | { readonly kind: "aborted" }
  /** The gateway stops. */
  | { readonly kind: "stopping" };

export interface WakeUpsOptions {
  readonly provider: Pick<Provider, "describe" | "watch">;
  readonly orders: ScaleOrders;
  readonly onEvent: OnScalingEvent;
  /** How many requests may wait for one function. @defaultValue 1000 */
  readonly maxWaiting?: number;
  /** And for all of them together. @defaultValue 10000 */
  readonly maxWaitingInAll?: number;
  /** How long one waits. @defaultValue 60000 */
  readonly deadlineMs?: number;
  /** The provider says when a replica answers; where it says nothing, this often is asked. @defaultValue 100 */
  readonly pollMs?: number;
}

const DEFAULTS = Object.freeze({
  maxWaiting: 1_000,
  maxWaitingInAll: 10_000,
  deadlineMs: 60_000,
  pollMs: 100,
});

type Finish = (outcome: WaitOutcome) => void;

interface Line {
  readonly wake: Wake;
  readonly waiting: Set<Finish>;
}

/** Requests for functions without a replica: they wait, while one order for each of these is under way. */
export class WakeUps implements Disposable {
  readonly #options: Required<WakeUpsOptions>;
  readonly #lines = new Map<string, Line>();
  readonly #unwatch: () => void;
  #waiting = 0;
  #isClosed = false;

  constructor(options: WakeUpsOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#unwatch = options.provider.watch((id) => this.#lines.get(functionKey(id))?.wake.nudge());
  }

  /** How many wait, for whatever function. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Until a replica answers, at most for `deadlineMs`. Never fails. */
  async wait(
    id: FunctionId,
    { deadlineMs, signal }: { readonly deadlineMs?: number; readonly signal?: AbortSignal } = {},
  ): Promise<WaitOutcome> {
    const { maxWaiting, maxWaitingInAll } = this.#options;
    if (this.#isClosed) return { kind: "stopping" };
    if (signal?.aborted) return { kind: "aborted" };
    const inLine = this.#lines.get(functionKey(id))?.waiting.size ?? 0;
    if (inLine >= maxWaiting || this.#waiting >= maxWaitingInAll) return { kind: "crowded" };
    const { promise, resolve } = Promise.withResolvers<WaitOutcome>();
    const leave = (kind: "deadline" | "aborted") => this.#leave(id, resolve, { kind });
    const timer = setTimeout(leave, deadlineMs ?? this.#options.deadlineMs, "deadline");
    const onAbort = () => leave("aborted");
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#enter(id, resolve);
    const outcome = await promise;
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    return outcome;
  }

  /** Whoever waits is told that the gateway stops. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#unwatch();
    for (const [key, line] of this.#lines) {
      line.wake.end();
      this.#finish(key, line, { kind: "stopping" });
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #enter(id: FunctionId, finish: Finish): void {
    const key = functionKey(id);
    const line = this.#lines.get(key) ?? this.#begin(id, key);
    line.waiting.add(finish);
    this.#waiting++;
  }

  #begin(id: FunctionId, key: string): Line {
    const line = { wake: new Wake(id, this.#options), waiting: new Set<Finish>() };
    const sinceMs = performance.now();
    this.#lines.set(key, line);
    void line.wake.run().then((outcome) => {
      if (outcome === undefined) return;
      const waiters = line.waiting.size;
      this.#finish(key, line, outcome);
      if (outcome.kind !== "ready") return;
      const milliseconds = performance.now() - sinceMs;
      this.#options.onEvent({ kind: "woken", id, milliseconds, waiters });
    });
    return line;
  }

  #leave(id: FunctionId, finish: Finish, outcome: WaitOutcome): void {
    const key = functionKey(id);
    const line = this.#lines.get(key);
    if (line?.waiting.delete(finish) !== true) return;
    this.#waiting--;
    finish(outcome);
    if (line.waiting.size > 0) return;
    line.wake.end();
    this.#lines.delete(key);
  }

  #finish(key: string, line: Line, outcome: WaitOutcome): void {
    if (this.#lines.get(key) === line) this.#lines.delete(key);
    this.#waiting -= line.waiting.size;
    for (const finish of line.waiting) finish(outcome);
    line.waiting.clear();
  }
}
