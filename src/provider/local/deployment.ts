import { Backoff } from "../../core/backoff.ts";
import type { Endpoint, FunctionId, FunctionState } from "../provider.ts";
import type { FunctionLogs } from "./function-logs.ts";
import type { StoredFunction } from "./function-store.ts";
import { LOOPBACK } from "./health-probe.ts";
import type { Replica } from "./replica.ts";
import type { ReplicaEnd, ReplicaState } from "./replica-state.ts";
import { annotateUnused } from "./unused.ts";

export interface DeploymentOptions {
  /** A new replica, on its way. */
  readonly startReplica: (stored: StoredFunction) => Replica;
  readonly logs: FunctionLogs;
}

const ALIVE: ReadonlySet<ReplicaState> = new Set(["starting", "ready", "unready"]);

/** Before a replica that ended by itself is followed by another one. */
const LONGEST_PAUSE_MS = 30_000;

/** One function as it is kept running: what is wanted, what is there, and what follows from the two. */
export class Deployment {
  readonly #options: DeploymentOptions;
  #stored: StoredFunction;
  readonly #replicas = new Set<Replica>();
  #backoff = new Backoff(LONGEST_PAUSE_MS);
  /** Of replicas that ended by themselves, each is one's own: who comes besides them waits for none. */
  readonly #pauses = new Set<NodeJS.Timeout>();
  #failure: string | undefined;
  #isEnded = false;
  #isReconciling = false;

  constructor(stored: StoredFunction, options: DeploymentOptions) {
    this.#stored = stored;
    this.#options = options;
  }

  get stored(): StoredFunction {
    return this.#stored;
  }

  get id(): FunctionId {
    return this.#stored.spec;
  }

  get logs(): FunctionLogs {
    return this.#options.logs;
  }

  get state(): FunctionState {
    const { spec, replicas, createdAt } = this.#stored;
    const availableReplicas = this.#ready().length;
    const failure = availableReplicas === 0 ? this.#failure : undefined;
    return {
      ...spec,
      annotations: { ...spec.annotations, ...annotateUnused(spec) },
      replicas,
      availableReplicas,
      createdAt,
      ...(failure === undefined ? {} : { failure }),
    };
  }

  get endpoints(): Endpoint[] {
    const maxInflight = toMaxInflight(this.#stored.spec.environment.max_inflight);
    return this.#ready().map(({ id, port }) => ({
      id,
      host: LOOPBACK,
      port: port as number,
      maxInflight,
    }));
  }

  /** Those whose processes are there. */
  get replicas(): readonly Replica[] {
    return [...this.#replicas];
  }

  /** One that was found running. */
  take(replica: Replica): void {
    this.#replicas.add(replica);
  }

  /** From now on it is to be like this. */
  set(stored: StoredFunction): void {
    if (this.#stored.replicas === 0) this.#failure = undefined;
    if (stored.revision !== this.#stored.revision) {
      this.#failure = undefined;
      this.#backoff = new Backoff(LONGEST_PAUSE_MS);
      this.#stopRetrying();
    }
    // Whoever wakes it later wants a replica at once.
    if (stored.replicas === 0) this.#stopRetrying();
    this.#stored = stored;
    this.reconcile();
  }

  /** A replica has ended. One that was not told to is followed by another one, later each time. */
  lost(replica: Replica, { wasDraining, servedMs, reason }: ReplicaEnd): void {
    this.#replicas.delete(replica);
    if (this.#isEnded || wasDraining || replica.revision !== this.#stored.revision) return;
    // What a system says besides may name paths and the like, which are not for clients.
    this.#failure = servedMs === 0 ? reason.replace(/:.*/s, "") : undefined;
    const pause = setTimeout(() => {
      this.#pauses.delete(pause);
      this.reconcile();
    }, this.#backoff.next(servedMs)).unref();
    this.#pauses.add(pause);
  }

  /** No replica is wanted any more. */
  end(): void {
    this.#isEnded = true;
    this.#stopRetrying();
    for (const replica of this.#replicas) replica.drain();
  }

  /** Something has changed: starts what is wanted, drains what is not. */
  reconcile(): void {
    // What it does is a change, too.
    if (this.#isEnded || this.#isReconciling) return;
    this.#isReconciling = true;
    this.#drainUnwanted();
    this.#startWanted();
    this.#isReconciling = false;
  }

  #drainUnwanted(): void {
    const alive = this.replicas.filter(({ state }) => ALIVE.has(state));
    const { revision, replicas: wanted } = this.#stored;
    const current = alive.filter((replica) => replica.revision === revision);
    const old = alive.filter((replica) => replica.revision !== revision);
    const readyCount = current.filter(({ state }) => state === "ready").length;
    // Each of the old ones answers until a new one does in its place.
    drainAll(byUse(old).slice(Math.max(wanted - readyCount, 0)));
    drainAll(byUse(current).slice(wanted));
  }

  #startWanted(): void {
    const { revision, replicas: wanted } = this.#stored;
    const current = this.replicas.filter(
      (replica) => ALIVE.has(replica.state) && replica.revision === revision,
    );
    const missing = Math.max(wanted - current.length, 0);
    // A pause for a replica that is not wanted any more would keep the next one that is from starting.
    for (const pause of [...this.#pauses].slice(missing)) this.#stop(pause);
    for (let count = this.#pauses.size; count < missing; count++) {
      this.#replicas.add(this.#options.startReplica(this.#stored));
    }
  }

  #ready(): Replica[] {
    return this.replicas.filter(({ state }) => state === "ready");
  }

  #stopRetrying(): void {
    for (const pause of this.#pauses) this.#stop(pause);
  }

  #stop(pause: NodeJS.Timeout): void {
    clearTimeout(pause);
    this.#pauses.delete(pause);
  }
}

/** The most useful first: those that answer, and of them those that do so the longest. */
function byUse(replicas: readonly Replica[]): Replica[] {
  return replicas.toSorted((a, b) => Number(b.state === "ready") - Number(a.state === "ready"));
}

function drainAll(replicas: readonly Replica[]): void {
  for (const replica of replicas) replica.drain();
}

function toMaxInflight(text: string | undefined): number | undefined {
  const count = Number(text ?? 0);
  return Number.isInteger(count) && count > 0 ? count : undefined;
}
