import { type FunctionId, isNotFound, type Provider } from "../../provider/provider.ts";
import { formatFunctionName, parseFunctionName } from "./function-name.ts";
import { type DefaultTimeout, KnownFunction } from "./known-function.ts";
import { KnownNamespaces } from "./namespaces.ts";
import type { InvocationTelemetry } from "./telemetry.ts";

export interface DirectoryOptions {
  readonly provider: Pick<Provider, "describe" | "endpoints" | "listNamespaces" | "watch">;
  readonly defaultNamespace: string;
  readonly timeout: DefaultTimeout;
  readonly telemetry: InvocationTelemetry;
}

/** What runs functions has so long to say what it has. */
const PATIENCE_MS = 10_000;
/** So long what is known of a function is good enough, where its provider cannot be asked. */
const MAKESHIFT_MS = 1_000;
/** So often it is asked again at once, because something changed while it answered. */
const MOST_READS = 5;

interface Reading {
  readonly known: Promise<KnownFunction | undefined>;
  /** Something changed meanwhile. */
  isOutdated: boolean;
}

/** The functions that were asked for, each with its replicas, as fresh as the provider's last word of a change. */
export class Directory implements Disposable {
  readonly #options: DirectoryOptions;
  readonly #namespaces: KnownNamespaces;
  readonly #functions = new Map<string, KnownFunction>();
  /** As they are called in URLs, so that mostly nothing is parsed. */
  readonly #byName = new Map<string, KnownFunction>();
  readonly #readings = new Map<string, Reading>();
  readonly #unwatch: () => void;

  constructor(options: DirectoryOptions) {
    const { provider, defaultNamespace } = options;
    this.#options = options;
    this.#namespaces = new KnownNamespaces(provider, defaultNamespace);
    this.#unwatch = provider.watch((id) => this.#changed(id));
  }

  /** Where nobody has to be asked. `name`: as it stands in the URL. */
  find(name: string): KnownFunction | undefined {
    const known = this.#byName.get(name);
    return known?.isFresh ? known : undefined;
  }

  findById(id: FunctionId): KnownFunction | undefined {
    const known = this.#functions.get(formatFunctionName(id));
    return known?.isFresh ? known : undefined;
  }

  /** `undefined`: there is none of this name. Rejects where the provider does not say. */
  async look(name: string): Promise<KnownFunction | undefined> {
    const { defaultNamespace } = this.#options;
    const id = parseFunctionName(name, this.#namespaces, defaultNamespace);
    if (id === undefined) return undefined;
    const known = await this.lookById(id);
    if (known !== undefined) {
      this.#byName.set(name, known);
      return known;
    }
    // What is behind the dot may be a namespace that nothing was heard of yet.
    if (!name.includes(".") || !(await this.#namespaces.refresh())) return undefined;
    this.#byName.clear();
    const again = parseFunctionName(name, this.#namespaces, defaultNamespace) as FunctionId;
    return again.namespace === id.namespace ? undefined : await this.lookById(again);
  }

  async lookById(id: FunctionId): Promise<KnownFunction | undefined> {
    return this.findById(id) ?? (await this.#read(id));
  }

  /** Asks although nothing is said to have changed: what was said turned out to be wrong. */
  refresh(known: KnownFunction): Promise<KnownFunction | undefined> {
    known.isFresh = false;
    return this.lookById(known.id);
  }

  [Symbol.dispose](): void {
    this.#unwatch();
    for (const known of this.#functions.values()) known.replicas.update([]);
    this.#functions.clear();
    this.#byName.clear();
  }

  #changed(id: FunctionId): void {
    if (this.#namespaces.add(id.namespace)) this.#byName.clear();
    const key = formatFunctionName(id);
    const known = this.#functions.get(key);
    if (known !== undefined) known.isFresh = false;
    const reading = this.#readings.get(key);
    if (reading !== undefined) reading.isOutdated = true;
  }

  /** Any number that ask at a time are one question. */
  #read(id: FunctionId): Promise<KnownFunction | undefined> {
    const key = formatFunctionName(id);
    const begun = this.#readings.get(key);
    if (begun !== undefined) return begun.known;
    const reading: Reading = { known: this.#ask(id, key), isOutdated: false };
    this.#readings.set(key, reading);
    return reading.known;
  }

  async #ask(id: FunctionId, key: string): Promise<KnownFunction | undefined> {
    try {
      for (let reads = 1; ; reads++) {
        const known = await this.#askOnce(id, key);
        const reading = this.#readings.get(key) as Reading;
        if (!reading.isOutdated || reads === MOST_READS) {
          if (known !== undefined) known.isFresh = !reading.isOutdated;
          return known;
        }
        reading.isOutdated = false;
      }
    } catch (error) {
      if (isNotFound(error)) this.#forget(key);
      else return this.#makeDo(key, error);
      return undefined;
    } finally {
      this.#readings.delete(key);
    }
  }

  async #askOnce(id: FunctionId, key: string): Promise<KnownFunction> {
    const { provider, telemetry, timeout } = this.#options;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const [state, endpoints] = await Promise.all([
      provider.describe(id, signal),
      provider.endpoints(id, signal),
    ]);
    // What was removed and deployed anew has counters of its own, though nobody asked for it in between.
    const before = this.#functions.get(key);
    if (before !== undefined && +before.state.createdAt !== +state.createdAt) this.#forget(key);
    const known = this.#functions.get(key) ?? new KnownFunction(state, telemetry);
    this.#functions.set(key, known);
    known.update(state, endpoints, timeout);
    return known;
  }

  #forget(key: string): void {
    const known = this.#functions.get(key);
    if (known === undefined) return;
    known.replicas.update([]);
    this.#functions.delete(key);
    for (const [name, named] of this.#byName) if (named === known) this.#byName.delete(name);
  }

  /** The provider is away: the replicas that were there last may well go on without it. */
  #makeDo(key: string, error: unknown): KnownFunction {
    const known = this.#functions.get(key);
    if (known === undefined) throw error;
    known.isFresh = true;
    setTimeout(() => {
      known.isFresh = false;
    }, MAKESHIFT_MS).unref();
    return known;
  }
}
