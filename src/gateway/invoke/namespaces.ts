import type { Provider } from "../../provider/provider.ts";
import type { NamespaceSet } from "./function-name.ts";

/** Whoever asks for names that nobody has must not have the provider asked each time. */
const LEAST_BETWEEN_MS = 1_000;

/** Those that are known of, for telling a namespace from a part of a name. */
export class KnownNamespaces implements NamespaceSet {
  readonly #provider: Pick<Provider, "listNamespaces">;
  #names: Set<string>;
  #refreshing: Promise<boolean> | undefined;
  #refreshedAt = Number.NEGATIVE_INFINITY;

  constructor(provider: Pick<Provider, "listNamespaces">, defaultNamespace: string) {
    this.#provider = provider;
    this.#names = new Set([defaultNamespace]);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** A function was heard of in it. True: it is new. */
  add(name: string): boolean {
    const isNew = !this.#names.has(name);
    if (isNew) this.#names.add(name);
    return isNew;
  }

  /** Asks the provider, where it was not asked just now. True: there are others than before. */
  refresh(): Promise<boolean> {
    if (performance.now() - this.#refreshedAt < LEAST_BETWEEN_MS) return Promise.resolve(false);
    this.#refreshing ??= this.#read().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #read(): Promise<boolean> {
    const before = this.#names;
    const names = new Set((await this.#provider.listNamespaces()).map(({ name }) => name));
    this.#names = names;
    this.#refreshedAt = performance.now();
    return names.size !== before.size || [...names].some((name) => !before.has(name));
  }
}
