import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { readUsage } from "../../process/process-usage.ts";
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
} from "../provider.ts";
import type { Deployment } from "./deployment.ts";
import type { Deployments } from "./deployments.ts";
import { toFunctionEnvironment } from "./function-environment.ts";
import { checkFunctionName } from "./names.ts";
import type { NamespaceStore } from "./namespace-store.ts";
import { checkReplicaCount, toFirstCount } from "./replica-count.ts";
import { writeSecret } from "./replica-folder.ts";
import type { SecretStore } from "./secret-store.ts";

export interface LocalProviderParts {
  readonly deployments: Deployments;
  readonly namespaces: NamespaceStore;
  readonly secrets: SecretStore;
  readonly machine: Readonly<Record<string, string | undefined>>;
  readonly close: () => Promise<void>;
}

/** How far apart two looks at the clock of a processor are. */
const USAGE_SAMPLE_MS = 200;

/** The contract, in terms of what is kept and what runs. */
export class LocalProvider implements Provider {
  readonly info = Object.freeze({ name: "local", orchestration: "local" });
  readonly capabilities = Object.freeze({ namespaces: true, secretUpdates: true });
  readonly #parts: LocalProviderParts;
  #closed: Promise<void> | undefined;

  constructor(parts: LocalProviderParts) {
    this.#parts = parts;
  }

  async deploy(spec: FunctionSpec): Promise<void> {
    this.#check(spec);
    if (this.#parts.deployments.find(spec) !== undefined) {
      const message = `function ${spec.name} exists in namespace ${spec.namespace}`;
      throw new ProviderError("conflict", message);
    }
    const [revision, createdAt] = [newRevision(), new Date()];
    this.#parts.deployments.add({ spec, revision, replicas: toFirstCount(spec), createdAt });
  }

  async update(spec: FunctionSpec): Promise<void> {
    const deployment = this.#parts.deployments.get(spec);
    this.#check(spec);
    const { replicas, createdAt } = deployment.stored;
    // What sleeps at zero goes on sleeping.
    const wanted = replicas === 0 ? 0 : Math.max(replicas, toFirstCount(spec));
    const stored = { spec, revision: newRevision(), replicas: wanted, createdAt };
    this.#parts.deployments.change(deployment, stored);
  }

  async remove(id: FunctionId): Promise<void> {
    this.#parts.deployments.remove(id);
  }

  async list(namespace: string): Promise<FunctionState[]> {
    return this.#parts.deployments.inNamespace(namespace).map(({ state }) => state);
  }

  async describe(id: FunctionId): Promise<FunctionState> {
    return this.#parts.deployments.get(id).state;
  }

  async usage(id: FunctionId, signal?: AbortSignal): Promise<Usage> {
    const pids = this.#parts.deployments
      .get(id)
      .replicas.flatMap(({ identity }) => (identity === undefined ? [] : [identity.pid]));
    const [before, since] = [readUsage(pids), performance.now()];
    await delay(USAGE_SAMPLE_MS, undefined, { ...(signal && { signal }), ref: false });
    const after = readUsage(pids);
    const cpu = ((after.cpuMs - before.cpuMs) / (performance.now() - since)) * 1000;
    return { cpu: Math.max(Math.round(cpu), 0), totalMemoryBytes: after.memoryBytes };
  }

  async scale(id: FunctionId, replicas: number): Promise<void> {
    const deployment = this.#parts.deployments.get(id);
    checkReplicaCount(replicas);
    if (replicas === deployment.stored.replicas) return;
    this.#parts.deployments.scale(deployment, replicas);
  }

  async endpoints(id: FunctionId): Promise<Endpoint[]> {
    return this.#parts.deployments.get(id).endpoints;
  }

  async *logs(query: LogQuery, signal?: AbortSignal): AsyncGenerator<LogLine> {
    const { name, namespace } = query;
    const { logs } = this.#parts.deployments.get(query);
    for await (const record of logs.read(query, signal)) yield { name, namespace, ...record };
  }

  async listSecrets(namespace: string): Promise<FunctionId[]> {
    return this.#parts.secrets.list(namespace);
  }

  async createSecret(secret: Secret): Promise<void> {
    this.#checkNamespace(secret.namespace);
    this.#parts.secrets.create(secret);
  }

  async updateSecret(secret: Secret): Promise<void> {
    this.#parts.secrets.update(secret);
    for (const { replicas } of this.#users(secret)) {
      for (const { folder, identity } of replicas) {
        if (identity !== undefined) writeSecret(folder, secret);
      }
    }
  }

  async removeSecret(id: FunctionId): Promise<void> {
    const [user] = this.#users(id);
    if (user !== undefined) {
      const message = `secret ${id.name} is in use by function ${user.id.name}`;
      throw new ProviderError("conflict", message);
    }
    this.#parts.secrets.remove(id);
  }

  async listNamespaces(): Promise<Namespace[]> {
    return this.#parts.namespaces.list();
  }

  async createNamespace(namespace: Namespace): Promise<void> {
    this.#parts.namespaces.create(namespace);
  }

  async updateNamespace(namespace: Namespace): Promise<void> {
    this.#parts.namespaces.update(namespace);
  }

  async removeNamespace(name: string): Promise<void> {
    const [user] = this.#parts.deployments.inNamespace(name);
    if (user !== undefined) {
      const message = `namespace ${name} is in use by function ${user.id.name}`;
      throw new ProviderError("conflict", message);
    }
    this.#parts.namespaces.remove(name);
    this.#parts.secrets.removeAll(name);
  }

  watch(onChange: OnChange): () => void {
    return this.#parts.deployments.watch(onChange);
  }

  /** Replicas end, and are started again by the next one on the same folder. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#parts.close();
    return this.#closed;
  }

  /** Throws where it could never run, while somebody listens. */
  #check(spec: FunctionSpec): void {
    checkFunctionName(spec.name);
    checkReplicaCount(toFirstCount(spec));
    this.#checkNamespace(spec.namespace);
    for (const name of spec.secrets) {
      if (this.#parts.secrets.read({ name, namespace: spec.namespace }) === undefined) {
        throw new ProviderError("invalid", `unable to find secret: ${name}`);
      }
    }
    toFunctionEnvironment(spec, this.#parts.machine);
  }

  #checkNamespace(name: string): void {
    if (!this.#parts.namespaces.has(name)) {
      throw new ProviderError("invalid", `namespace not valid: ${name}`);
    }
  }

  #users({ name, namespace }: FunctionId): Deployment[] {
    return this.#parts.deployments
      .inNamespace(namespace)
      .filter(({ stored }) => stored.spec.secrets.includes(name));
  }
}

const newRevision = () => randomBytes(8).toString("hex");
