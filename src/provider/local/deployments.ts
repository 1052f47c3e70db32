import { type FunctionId, type OnChange, ProviderError } from "../provider.ts";
import { Deployment } from "./deployment.ts";
import type { FunctionLogs } from "./function-logs.ts";
import type { FunctionStore, StoredFunction } from "./function-store.ts";
import { toKey } from "./names.ts";
import type { Replica } from "./replica.ts";
import type { ReplicaEnd } from "./replica-state.ts";

export interface DeploymentsOptions {
  readonly store: FunctionStore;
  readonly startReplica: (stored: StoredFunction) => Replica;
  readonly logsOf: (id: FunctionId) => FunctionLogs;
  /** Nothing of this function is left. */
  readonly onForgotten: (id: FunctionId) => void;
  readonly warn: (message: string) => void;
}

/** All functions: what is on disk first, then what runs, then who wants to know. */
export class Deployments {
  readonly #options: DeploymentsOptions;
  readonly #deployments = new Map<string, Deployment>();
  readonly #watchers = new Set<OnChange>();

  constructor(options: DeploymentsOptions) {
    this.#options = options;
    for (const stored of options.store.all()) this.#create(stored);
  }

  find(id: FunctionId): Deployment | undefined {
    return this.#deployments.get(toKey(id));
  }

  get(id: FunctionId): Deployment {
    const deployment = this.find(id);
    if (deployment !== undefined) return deployment;
    throw new ProviderError(
      "notFound",
      `function ${id.name} not found in namespace ${id.namespace}`,
    );
  }

  has(key: string): boolean {
    return this.#deployments.has(key);
  }

  inNamespace(namespace: string): Deployment[] {
    return [...this.#deployments.values()].filter(({ id }) => id.namespace === namespace);
  }

  add(stored: StoredFunction): void {
    this.#options.store.put(stored);
    const deployment = this.#create(stored);
    deployment.reconcile();
    this.#tell(deployment.id);
  }

  change(deployment: Deployment, stored: StoredFunction): void {
    this.#options.store.put(stored);
    deployment.set(stored);
    this.#tell(deployment.id);
  }

  scale(deployment: Deployment, replicas: number): void {
    this.#options.store.setReplicas(deployment.id, replicas);
    deployment.set({ ...deployment.stored, replicas });
    this.#tell(deployment.id);
  }

  /** Its replicas finish what they do. */
  remove(id: FunctionId): void {
    const deployment = this.get(id);
    const { replicas } = deployment;
    this.#options.store.remove(id);
    this.#deployments.delete(toKey(id));
    deployment.end();
    deployment.logs.end();
    this.#tell(deployment.id);
    void Promise.all(replicas.map(({ gone }) => gone)).then(() => {
      if (this.find(id) === undefined) this.#options.onForgotten(id);
    });
  }

  /** What is to be there and is not begins. */
  start(): void {
    for (const deployment of this.#deployments.values()) deployment.reconcile();
  }

  /** Nothing begins any more. */
  end(): void {
    for (const deployment of this.#deployments.values()) {
      deployment.end();
      deployment.logs.end();
    }
  }

  changed(id: FunctionId): void {
    this.find(id)?.reconcile();
    this.#tell(id);
  }

  lost(id: FunctionId, replica: Replica, end: ReplicaEnd): void {
    if (!end.wasDraining) {
      const log = end.servedMs === 0 ? "before it took requests" : "by itself";
      this.#options.warn(`Replica ${replica.id} of ${toKey(id)} has ended ${log}: ${end.reason}`);
    }
    this.find(id)?.lost(replica, end);
    this.#tell(id);
  }

  watch(onChange: OnChange): () => void {
    // The same function may be given twice.
    const watcher: OnChange = (id) => onChange(id);
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #create(stored: StoredFunction): Deployment {
    const { startReplica, logsOf } = this.#options;
    const deployment = new Deployment(stored, { startReplica, logs: logsOf(stored.spec) });
    this.#deployments.set(toKey(stored.spec), deployment);
    return deployment;
  }

  #tell({ name, namespace }: FunctionId): void {
    for (const watcher of this.#watchers) watcher({ name, namespace });
  }
}
