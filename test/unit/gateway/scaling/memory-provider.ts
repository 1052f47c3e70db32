import {
  type FunctionId,
  type FunctionState,
  type OnChange,
  type Provider,
  ProviderError,
} from "../../../../src/provider/provider.ts";
import { specOf } from "../../../support/function-spec.ts";

/** As much of a provider as scaling asks for: numbers in memory, and replicas that answer when they are told to. */
export class MemoryProvider implements Pick<Provider, "describe" | "scale" | "watch"> {
  /** All orders, in their order: `name=replicas`. */
  readonly orders: string[] = [];
  readonly functions = new Map<string, FunctionState>();
  /** What the next orders wait for. */
  gate: Promise<void> = Promise.resolve();
  /** What is to go wrong. */
  failure: Error | undefined;
  /** Replicas answer as soon as they are ordered. */
  isInstant = true;
  readonly #listeners = new Set<OnChange>();

  add(name: string, replicas: number, labels: Readonly<Record<string, string>> = {}): FunctionId {
    this.functions.set(name, {
      ...specOf(name, { namespace: "ns", labels }),
      replicas,
      availableReplicas: replicas,
      createdAt: new Date(0),
    });
    return { name, namespace: "ns" };
  }

  async describe({ name }: FunctionId, signal?: AbortSignal): Promise<FunctionState> {
    signal?.throwIfAborted();
    if (this.failure !== undefined) throw this.failure;
    return this.#find(name);
  }

  async scale({ name }: FunctionId, replicas: number): Promise<void> {
    this.orders.push(`${name}=${replicas}`);
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    const state = this.#find(name);
    const availableReplicas = this.isInstant
      ? replicas
      : Math.min(state.availableReplicas, replicas);
    this.functions.set(name, { ...state, replicas, availableReplicas });
    if (this.isInstant) this.#tell(name);
  }

  /** All replicas that were ordered answer. */
  answer(name: string): void {
    const state = this.#find(name);
    this.functions.set(name, { ...state, availableReplicas: state.replicas });
    this.#tell(name);
  }

  watch(onChange: OnChange): () => void {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  #tell(name: string): void {
    for (const listener of this.#listeners) listener({ name, namespace: "ns" });
  }

  #find(name: string): FunctionState {
    const state = this.functions.get(name);
    if (state === undefined) throw new ProviderError("notFound", `there is no function ${name}`);
    return state;
  }
}
