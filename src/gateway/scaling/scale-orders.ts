import { type FunctionId, isNotFound, type Provider } from "../../provider/provider.ts";
import { FunctionTurns, functionKey } from "./function-turns.ts";
import type { OnScalingEvent, ScaledEvent } from "./scaling-event.ts";

export interface ScaleOrdersOptions {
  readonly provider: Pick<Provider, "scale">;
  readonly onEvent: OnScalingEvent;
}

/** The one way to another number of replicas, for all who scale: one order at a time for each function, and what came of it. */
export class ScaleOrders {
  readonly #options: ScaleOrdersOptions;
  readonly #turns = new FunctionTurns();
  /** What the last order failed with, by function, until one succeeds. */
  readonly #failures = new Map<string, string>();

  constructor(options: ScaleOrdersOptions) {
    this.#options = options;
  }

  /** Somebody has the turn. */
  isBusy(id: FunctionId): boolean {
    return this.#turns.isBusy(id);
  }

  /** A turn of this function, behind those who came before: who reads its replicas to change them does both in it. */
  take<Result>(id: FunctionId, action: () => Promise<Result>): Promise<Result> {
    return this.#turns.take(id, action);
  }

  /** In a turn. Fails as the provider does. */
  async scale(order: Omit<ScaledEvent, "kind">, signal?: AbortSignal): Promise<void> {
    const { provider, onEvent } = this.#options;
    const { id, to } = order;
    try {
      await provider.scale(id, to, signal);
    } catch (error) {
      if (!signal?.aborted) this.#failed(id, error);
      throw error;
    }
    this.#failures.delete(functionKey(id));
    onEvent({ kind: "scaled", ...order });
  }

  /** Tells it once, until it is something else. */
  #failed(id: FunctionId, error: unknown): void {
    const key = functionKey(id);
    const message = messageOf(error);
    const isNews = this.#failures.get(key) !== message;
    if (isNotFound(error)) this.#failures.delete(key);
    else this.#failures.set(key, message);
    if (isNews && !isNotFound(error)) this.#options.onEvent({ kind: "failed", id, error });
  }
}

/** Why something failed, as a person reads it. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
