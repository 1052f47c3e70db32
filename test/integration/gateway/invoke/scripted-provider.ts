import {
  type Endpoint,
  type FunctionId,
  type FunctionState,
  type Namespace,
  type OnChange,
  ProviderError,
} from "../../../../src/provider/provider.ts";
import { specOf } from "../../../support/function-spec.ts";

interface Differences {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly maxInflight?: number;
}

/** As much of a provider as invocations ask for: what the test says is there. */
export class ScriptedProvider {
  /** How often it was asked for a function. */
  reads = 0;
  namespaces = ["openfaas-fn"];
  /** What is to go wrong. */
  failure: Error | undefined;
  readonly #functions = new Map<string, { state: FunctionState; endpoints: Endpoint[] }>();
  readonly #listeners = new Set<OnChange>();

  /** Deploys a function, or changes it. */
  set(name: string, ports: readonly number[], differences: Differences = {}): FunctionId {
    const id = this.setSilently(name, ports, differences);
    this.#tell(id);
    return id;
  }

  /** The same, and nobody is told. */
  setSilently(
    name: string,
    ports: readonly number[],
    { annotations = {}, namespace = "openfaas-fn", maxInflight }: Differences = {},
  ): FunctionId {
    const host = "127.0.0.1";
    const endpoints = ports.map((port) => ({ id: `${name}-${port}`, host, port, maxInflight }));
    const state = toState({ name, namespace }, annotations, ports.length);
    this.#functions.set(`${name}.${namespace}`, { state, endpoints });
    return { name, namespace };
  }

  remove(name: string, namespace = "openfaas-fn"): void {
    this.#functions.delete(`${name}.${namespace}`);
    this.#tell({ name, namespace });
  }

  async describe(id: FunctionId): Promise<FunctionState> {
    this.reads++;
    return this.#find(id).state;
  }

  async endpoints(id: FunctionId): Promise<Endpoint[]> {
    return this.#find(id).endpoints;
  }

  async listNamespaces(): Promise<Namespace[]> {
    return this.namespaces.map((name) => ({ name, labels: {}, annotations: {} }));
  }

  watch(onChange: OnChange): () => void {
    this.#listeners.add(onChange);
    return () => void this.#listeners.delete(onChange);
  }

  #find({ name, namespace }: FunctionId) {
    if (this.failure !== undefined) throw this.failure;
    const found = this.#functions.get(`${name}.${namespace}`);
    if (found === undefined) throw new ProviderError("notFound", "there is no such function");
    return found;
  }

  #tell(id: FunctionId): void {
    for (const listener of this.#listeners) listener(id);
  }
}

function toState(
  id: FunctionId,
  annotations: Readonly<Record<string, string>>,
  replicas: number,
): FunctionState {
  return {
    ...specOf(id.name, { ...id, annotations }),
    replicas,
    availableReplicas: replicas,
    createdAt: new Date(0),
  };
}
