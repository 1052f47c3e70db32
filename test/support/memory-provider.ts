import { EventEmitter, on } from "node:events";
import {
  type Endpoint,
  type FunctionId,
  type FunctionSpec,
  type FunctionState,
  type LogLine,
  type LogQuery,
  type Namespace,
  type OnChange,
  type Provider,
  ProviderError,
  type Secret,
  type Usage,
} from "../../src/provider/provider.ts";

export const DEFAULT_NAMESPACE = "openfaas-fn";

const keyOf = ({ name, namespace }: FunctionId) => `${namespace}/${name}`;

/** Keeps all that it is told, and runs nothing: whatever is wanted is there at once. */
export class MemoryProvider implements Provider {
  readonly info = { name: "memory", orchestration: "none" };
  capabilities = { namespaces: true, secretUpdates: true };
  readonly functions = new Map<string, FunctionState>();
  readonly secrets = new Map<string, Secret>();
  readonly namespaces = new Map<string, Namespace>();
  /** How many follow logs just now. */
  followers = 0;
  /** Instead of what would be: for whatever is asked from now on. */
  failure: Error | undefined;
  readonly #lines: LogLine[] = [];
  readonly #events = new EventEmitter().setMaxListeners(0);

  constructor() {
    this.namespaces.set(DEFAULT_NAMESPACE, {
      name: DEFAULT_NAMESPACE,
      labels: {},
      annotations: {},
    });
  }

  /** A function says something. */
  say(line: LogLine): void {
    this.#lines.push(line);
    this.#events.emit("line", line);
  }

  async deploy(spec: FunctionSpec): Promise<void> {
    this.#check();
    if (this.functions.has(keyOf(spec))) throw new ProviderError("conflict", "it is there");
    this.#put(spec, { replicas: 1, availableReplicas: 1, createdAt: new Date() });
  }

  async update(spec: FunctionSpec): Promise<void> {
    this.#put(spec, await this.describe(spec));
  }

  async remove(id: FunctionId): Promise<void> {
    await this.describe(id);
    this.functions.delete(keyOf(id));
    this.#events.emit("change", id);
  }

  async list(namespace: string): Promise<FunctionState[]> {
    this.#check();
    return [...this.functions.values()].filter((state) => state.namespace === namespace);
  }

  async describe(id: FunctionId): Promise<FunctionState> {
    this.#check();
    const state = this.functions.get(keyOf(id));
    if (state === undefined) throw new ProviderError("notFound", `no ${id.name}`);
    return state;
  }

  async usage(id: FunctionId): Promise<Usage> {
    await this.describe(id);
    return { cpu: 12, totalMemoryBytes: 3_456 };
  }

  async scale(id: FunctionId, replicas: number): Promise<void> {
    this.#put(await this.describe(id), {
      replicas,
      availableReplicas: replicas,
      createdAt: (await this.describe(id)).createdAt,
    });
  }

  async endpoints(id: FunctionId): Promise<Endpoint[]> {
    await this.describe(id);
    return [];
  }

  async *logs(query: LogQuery, signal?: AbortSignal): AsyncGenerator<LogLine, void> {
    this.#check();
    const isMeant = (line: LogLine) =>
      keyOf(line) === keyOf(query) &&
      (query.instance === undefined || line.instance === query.instance) &&
      (query.since === undefined || line.time >= query.since);
    const said = this.#lines.filter(isMeant);
    const coming = on(this.#events, "line", signal === undefined ? {} : { signal });
    if (query.follow) this.followers++;
    try {
      yield* query.tail === undefined ? said : said.slice(-query.tail);
      if (!query.follow) return;
      for await (const [line] of coming) if (isMeant(line)) yield line;
    } finally {
      if (query.follow) this.followers--;
      await coming.return?.();
    }
  }

  async listSecrets(namespace: string): Promise<FunctionId[]> {
    this.#check();
    return [...this.secrets.values()].filter((secret) => secret.namespace === namespace);
  }

  async createSecret(secret: Secret): Promise<void> {
    this.#check();
    if (this.secrets.has(keyOf(secret))) {
      throw new ProviderError("conflict", `the secret ${secret.name} is there already`);
    }
    this.secrets.set(keyOf(secret), secret);
  }

  async updateSecret(secret: Secret): Promise<void> {
    this.#findSecret(secret);
    this.secrets.set(keyOf(secret), secret);
  }

  async removeSecret(id: FunctionId): Promise<void> {
    this.#findSecret(id);
    this.secrets.delete(keyOf(id));
  }

  async listNamespaces(): Promise<Namespace[]> {
    this.#check();
    return [...this.namespaces.values()];
  }

  async createNamespace(namespace: Namespace): Promise<void> {
    this.#check();
    if (!this.capabilities.namespaces) {
      throw new ProviderError("unsupported", "this provider makes no namespaces");
    }
    if (this.namespaces.has(namespace.name)) {
      throw new ProviderError("conflict", `the namespace ${namespace.name} is there already`);
    }
    this.namespaces.set(namespace.name, namespace);
  }

  async updateNamespace(namespace: Namespace): Promise<void> {
    this.#findNamespace(namespace.name);
    this.namespaces.set(namespace.name, namespace);
  }

  async removeNamespace(name: string): Promise<void> {
    this.#findNamespace(name);
    if ((await this.list(name)).length > 0) {
      throw new ProviderError("conflict", `the namespace ${name} has functions`);
    }
    this.namespaces.delete(name);
  }

  watch(onChange: OnChange): () => void {
    this.#events.on("change", onChange);
    return () => void this.#events.off("change", onChange);
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #put(
    spec: FunctionSpec,
    how: Pick<FunctionState, "replicas" | "availableReplicas" | "createdAt">,
  ): void {
    const { replicas, availableReplicas, createdAt } = how;
    this.functions.set(keyOf(spec), { ...spec, replicas, availableReplicas, createdAt });
    this.#events.emit("change", spec);
  }

  #check(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  #findSecret(id: FunctionId): void {
    this.#check();
    if (!this.secrets.has(keyOf(id))) throw new ProviderError("notFound", `no secret ${id.name}`);
  }

  #findNamespace(name: string): void {
    this.#check();
    if (!this.namespaces.has(name)) throw new ProviderError("notFound", `no namespace ${name}`);
  }
}
