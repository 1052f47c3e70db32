import { type FunctionId, isNotFound, type Provider } from "../../provider/provider.ts";
import { readScalingLimits } from "./limits.ts";
import type { ScaleOrders } from "./scale-orders.ts";

/** How it ended for whoever waited. */
export type WakeOutcome =
  /** A replica answers. */
  | { readonly kind: "ready" }
  /** There is no such function, or no longer. */
  | { readonly kind: "notFound" }
  /** The provider said so, again and again, or that a replica ended before it took requests. */
  | { readonly kind: "failed"; readonly error: unknown };

export interface WakeOptions {
  readonly provider: Pick<Provider, "describe">;
  readonly orders: ScaleOrders;
  readonly pollMs: number;
}

/** OpenFaaS's number of tries, one behind the other. */
const MOST_FAILURES = 20;

/** Has a function got at least one replica that answers: by one order, however many wait for it. */
export class Wake {
  readonly #id: FunctionId;
  readonly #options: WakeOptions;
  readonly #ending = new AbortController();
  #isNudged = false;
  #endPause: (() => void) | undefined;

  constructor(id: FunctionId, options: WakeOptions) {
    this.#id = id;
    this.#options = options;
  }

  /** `undefined`: it was ended before. Never fails. */
  async run(): Promise<WakeOutcome | undefined> {
    let failures = 0;
    while (!this.#ending.signal.aborted) {
      try {
        if (await this.#isReady()) return { kind: "ready" };
        failures = 0;
      } catch (error) {
        if (isNotFound(error)) return { kind: "notFound" };
        failures++;
        if (failures === MOST_FAILURES) return { kind: "failed", error };
      }
      await this.#pause();
    }
    return undefined;
  }

  /** Something about the function has changed: it need not wait for the next look. */
  nudge(): void {
    this.#isNudged = true;
    this.#endPause?.();
  }

  /** Nobody waits any more. What was ordered stays so. */
  end(): void {
    this.#ending.abort();
    this.#endPause?.();
  }

  async #isReady(): Promise<boolean> {
    const { provider, orders } = this.#options;
    this.#isNudged = false;
    const state = await provider.describe(this.#id, this.#ending.signal);
    if (state.availableReplicas > 0) return true;
    if (state.failure !== undefined && state.replicas > 0) throw new Error(state.failure);
    if (state.replicas === 0) await orders.take(this.#id, () => this.#scaleUp());
    return false;
  }

  /** Unless it was ended or somebody else did it, while this waited for its turn. */
  async #scaleUp(): Promise<void> {
    const { provider, orders } = this.#options;
    const id = this.#id;
    if (this.#ending.signal.aborted) return;
    const { replicas: from, labels } = await provider.describe(id, this.#ending.signal);
    if (from > 0) return;
    const to = readScalingLimits(labels).limits.min;
    // Without the signal: an order that is half taken back leaves nobody knows what.
    await orders.scale({ id, from, to, reason: "request" });
  }

  async #pause(): Promise<void> {
    if (this.#isNudged || this.#ending.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#options.pollMs);
    this.#endPause = resolve;
    await promise;
    clearTimeout(timer);
    this.#endPause = undefined;
  }
}
