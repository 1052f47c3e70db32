import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { LongLived } from "../../process/long-lived.ts";
import { isRunning } from "../../process/process-identity.ts";
import { type FunctionId, type FunctionSpec, ProviderError } from "../provider.ts";
import { toDrainTimeoutMs } from "./drain-timeout.ts";
import { toFunctionEnvironment } from "./function-environment.ts";
import type { FunctionLogs } from "./function-logs.ts";
import type { StoredFunction } from "./function-store.ts";
import { Replica } from "./replica.ts";
import {
  makeReplicaFolder,
  removeReplicaFolder,
  type SecretFile,
  toReplicaFolder,
} from "./replica-folder.ts";
import { adoptReplicaProcess, startReplicaProcess } from "./replica-process.ts";
import type { ReplicaEnd } from "./replica-state.ts";
import type { ReplicaStore, StoredReplica } from "./replica-store.ts";
import type { SecretStore } from "./secret-store.ts";
import { StartSlots } from "./start-slots.ts";

export interface ReplicasOptions {
  /** A folder for each replica is made in it. */
  readonly folder: string;
  /** The program, absolute, and its arguments. */
  readonly watchdog: readonly string[];
  /** This process's own variables. */
  readonly machine: Readonly<Record<string, string | undefined>>;
  readonly startTimeoutMs: number;
  readonly healthIntervalMs: number;
  readonly store: ReplicaStore;
  readonly secrets: SecretStore;
  readonly logsOf: (id: FunctionId) => FunctionLogs;
  readonly onChange: (id: FunctionId) => void;
  readonly onGone: (id: FunctionId, replica: Replica, end: ReplicaEnd) => void;
}

/** Who starts holds a place no longer than this: whoever does not come up must not keep others down. */
const START_SLOT_MS = 2_000;

/**
 * For each processor: starts are nearly all computing. Of 24 at once on two processors the mean first answer comes in 0.7 of the
 * time that it takes when none waits, and a warm function's p95 meanwhile is 60 ms instead of 260. One for each processor has that
 * at 30 ms, but leaves a tenth of the processors idle, and the last of the starts are later.
 */
const STARTS_PER_PROCESSOR = 2;

/** Starts and finds the processes of this provider, and knows all of them. */
export class Replicas {
  readonly #options: ReplicasOptions;
  readonly #slots = new StartSlots(STARTS_PER_PROCESSOR * availableParallelism());
  readonly #all = new Set<Replica>();

  constructor(options: ReplicasOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  }

  start(stored: StoredFunction): Replica {
    const { spec, revision } = stored;
    const id = `${spec.name}-${randomBytes(5).toString("hex")}`;
    const replica = this.#create(id, spec, revision, toDrainTimeoutMs(spec));
    void this.#slots.run(async () => {
      const started = replica.start(() => this.#startProcess(replica, stored));
      await Promise.race([started, delay(START_SLOT_MS, undefined, { ref: false })]);
    });
    return replica;
  }

  /** What a gateway before this one has started and still runs. Of the rest nothing is left behind this. */
  findRunning(): StoredReplica[] {
    const { store, folder } = this.#options;
    const running = store.all().filter((stored) => {
      if (isRunning(stored)) return true;
      store.remove(stored.id);
      return false;
    });
    const kept = new Set(running.map(({ id }) => id));
    for (const id of readdirSync(folder)) {
      if (!kept.has(id)) removeReplicaFolder(toReplicaFolder(folder, id));
    }
    return running;
  }

  /** One of them. `settled`: it is known whether it answers. Without a function it is drained. */
  adopt(
    stored: StoredReplica,
    spec: FunctionSpec | undefined,
  ): { replica: Replica; settled: Promise<void> } {
    const { id, functionId, revision, port, isDraining } = stored;
    const limitMs = spec === undefined ? ORPHAN_DRAIN_MS : toDrainTimeoutMs(spec);
    const replica = this.#create(id, functionId, revision, limitMs);
    const isWanted = spec !== undefined && !isDraining;
    const settled = replica.adopt(
      () => adoptReplicaProcess(stored, replica.folder),
      isWanted ? port : undefined,
    );
    return { replica, settled };
  }

  /** Ends all of them; those that are not gone by themselves after so long, or when somebody is in a hurry, are killed. */
  async close(limitMs: number, hurry: AbortSignal | undefined): Promise<void> {
    const all = [...this.#all];
    const kill = () => {
      for (const replica of all) replica.kill();
    };
    const limit = setTimeout(kill, limitMs);
    hurry?.addEventListener("abort", kill);
    for (const replica of all) replica.drain();
    if (hurry?.aborted) kill();
    await Promise.all(all.map(({ gone }) => gone));
    clearTimeout(limit);
    hurry?.removeEventListener("abort", kill);
  }

  #create(
    id: string,
    functionId: FunctionId,
    revision: string,
    drainTimeoutMs: number | undefined,
  ): Replica {
    const { folder, store, startTimeoutMs, healthIntervalMs, logsOf } = this.#options;
    const { onChange, onGone } = this.#options;
    const replica = new Replica({
      id,
      functionId,
      revision,
      folder: toReplicaFolder(folder, id),
      logs: logsOf(functionId),
      store,
      startTimeoutMs,
      healthIntervalMs,
      drainTimeoutMs,
      onChange: () => onChange(functionId),
      onGone: (_, end) => {
        this.#all.delete(replica);
        onGone(functionId, replica, end);
      },
    });
    this.#all.add(replica);
    return replica;
  }

  async #startProcess(replica: Replica, { spec, revision }: StoredFunction): Promise<LongLived> {
    const { watchdog, machine, store } = this.#options;
    const environment = toFunctionEnvironment(spec, machine);
    makeReplicaFolder(replica.folder, this.#readSecrets(spec));
    const { id, folder } = replica;
    const { name, namespace } = spec;
    return startReplicaProcess({
      watchdog,
      function: environment,
      folder,
      record(identity) {
        if (replica.state !== "starting") throw new Error("it is not wanted any more");
        const functionId = { name, namespace };
        store.add({ ...identity, id, functionId, revision, port: undefined, isDraining: false });
      },
    });
  }

  #readSecrets({ namespace, secrets }: FunctionSpec): SecretFile[] {
    return secrets.map((name) => {
      const value = this.#options.secrets.read({ name, namespace });
      if (value === undefined) throw new ProviderError("invalid", `unable to find secret: ${name}`);
      return { name, value };
    });
  }
}

const ORPHAN_DRAIN_MS = 5_000;
