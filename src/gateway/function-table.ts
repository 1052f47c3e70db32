import {
  type FunctionId,
  type FunctionState,
  isNotFound,
  type Provider,
} from "../provider/provider.ts";
import { functionKey } from "./scaling/function-turns.ts";
import { LoadCounter } from "./scaling/load-counter.ts";
import type { ObservedFunction } from "./scaling/scaled-function.ts";

export interface FunctionTableOptions {
  readonly provider: Pick<Provider, "list" | "listNamespaces" | "describe" | "endpoints" | "watch">;
  /** A function is there, or is not as it was. */
  readonly onSeen: (state: FunctionState) => void;
  /** It is not there any more. */
  readonly onGone: (id: FunctionId) => void;
  readonly onError: (error: unknown) => void;
}

interface Entry extends ObservedFunction {
  readonly state: FunctionState;
  readonly load: LoadCounter;
}

interface Reading {
  /** It has changed since it was asked for. */
  isOutdated: boolean;
  done: Promise<void>;
}

/** All functions there are, in memory, as fresh as the provider's last word of a change. */
export class FunctionTable implements Disposable {
  readonly #options: FunctionTableOptions;
  readonly #entries = new Map<string, Entry>();
  /** Of functions that somebody asks already, before this table has heard of them, too. */
  readonly #loads = new Map<string, LoadCounter>();
  /** Being asked for. */
  readonly #readings = new Map<string, Reading>();
  readonly #unwatch: () => void;
  #isClosed = false;

  constructor(options: FunctionTableOptions) {
    this.#options = options;
    this.#unwatch = options.provider.watch((id) => void this.#changed(id));
  }

  /** Those that are there already. Rejects as the provider does. */
  async load(): Promise<void> {
    const { provider } = this.#options;
    for (const { name } of await provider.listNamespaces()) {
      const states = await provider.list(name);
      await Promise.all(states.map((state) => this.#changed(state)));
    }
  }

  all(): Iterable<Entry> {
    return this.#entries.values();
  }

  find(id: FunctionId): FunctionState | undefined {
    return this.#entries.get(functionKey(id))?.state;
  }

  /** The same one as long as the function is there. */
  loadOf(id: FunctionId): LoadCounter {
    const key = functionKey(id);
    const load = this.#loads.get(key) ?? new LoadCounter();
    this.#loads.set(key, load);
    return load;
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#unwatch();
  }

  /** Any number of changes while it is asked for are one more question. */
  #changed({ name, namespace }: FunctionId): Promise<void> {
    const id = { name, namespace };
    const key = functionKey(id);
    const begun = this.#readings.get(key);
    if (begun !== undefined) {
      begun.isOutdated = true;
      return begun.done;
    }
    const reading: Reading = { isOutdated: false, done: Promise.resolve() };
    this.#readings.set(key, reading);
    reading.done = this.#readUntilFresh(id, reading);
    return reading.done;
  }

  async #readUntilFresh(id: FunctionId, reading: Reading): Promise<void> {
    const key = functionKey(id);
    do {
      reading.isOutdated = false;
      await this.#read(id, key);
    } while (reading.isOutdated && !this.#isClosed);
    this.#readings.delete(key);
  }

  async #read(id: FunctionId, key: string): Promise<void> {
    const { provider, onSeen, onGone, onError } = this.#options;
    try {
      const state = await provider.describe(id);
      const [endpoint] = await provider.endpoints(id);
      const before = this.#entries.get(key);
      const slots = endpoint?.maxInflight ?? before?.slots;
      this.#entries.set(key, { state, slots, load: this.loadOf(id) });
      onSeen(state);
    } catch (error) {
      if (!isNotFound(error)) {
        onError(error);
        return;
      }
      this.#loads.delete(key);
      if (this.#entries.delete(key)) onGone(id);
    }
  }
}
