import type { LongLived } from "../../process/long-lived.ts";
import { type ProcessIdentity, signalProcess } from "../../process/process-identity.ts";
import type { FunctionId } from "../provider.ts";
import type { FunctionLogs } from "./function-logs.ts";
import { isHealthy, whenHealthy } from "./health-probe.ts";
import { watchHealth } from "./health-watch.ts";
import { type ReplicaFolder, removeReplicaFolder } from "./replica-folder.ts";
import { parsePort } from "./replica-process.ts";
import type { ReplicaEnd, ReplicaState } from "./replica-state.ts";
import type { ReplicaStore } from "./replica-store.ts";
import { writeOutput } from "./write-output.ts";

export interface ReplicaOptions {
  /** Never given out again. */
  readonly id: string;
  readonly functionId: FunctionId;
  readonly revision: string;
  readonly folder: ReplicaFolder;
  readonly logs: FunctionLogs;
  readonly store: ReplicaStore;
  /** From the start of the process until it takes requests. */
  readonly startTimeoutMs: number;
  readonly healthIntervalMs: number;
  /** For what is in flight, before it is killed; `undefined`: as long as it takes. */
  readonly drainTimeoutMs: number | undefined;
  /** Its state is another one. */
  readonly onChange: () => void;
  /** `gone` just now. */
  readonly onGone: (replica: Replica, end: ReplicaEnd) => void;
}

const PROBE_PATIENCE_MS = 2_000;

/** One watchdog process, from its start, or from when it was found running, until nothing of it is left. */
export class Replica {
  readonly #options: ReplicaOptions;
  readonly #listening = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();
  #state: ReplicaState = "starting";
  #process: LongLived | undefined;
  #port: number | undefined;
  #readySince: number | undefined;
  #watch: Disposable | undefined;
  #startLimit: NodeJS.Timeout | undefined;
  /** Why it was killed, where how it ended does not say so. */
  #fault: string | undefined;
  #drainLimit: NodeJS.Timeout | undefined;

  constructor(options: ReplicaOptions) {
    this.#options = options;
  }

  get id(): string {
    return this.#options.id;
  }

  get folder(): ReplicaFolder {
    return this.#options.folder;
  }

  get revision(): string {
    return this.#options.revision;
  }

  get state(): ReplicaState {
    return this.#state;
  }

  /** `undefined`: it does not listen yet. */
  get port(): number | undefined {
    return this.#port;
  }

  /** `undefined`: it is not there yet. */
  get identity(): ProcessIdentity | undefined {
    return this.#process?.identity;
  }

  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  /** Resolves once it listens, or it is known that it will not. */
  async start(startProcess: () => Promise<LongLived>): Promise<void> {
    if (this.#isDraining) {
      this.#end("it is not wanted any more");
      return;
    }
    try {
      this.#follow(await startProcess());
    } catch (error) {
      this.#end(`it cannot be started: ${(error as Error).message}`);
      return;
    }
    const { startTimeoutMs } = this.#options;
    this.#startLimit = setTimeout(() => {
      this.#fault = `killed after ${startTimeoutMs / 1000} s`;
      this.kill();
    }, startTimeoutMs).unref();
    // Drained before it was there.
    if (this.#isDraining) this.#terminate();
    await this.#listening.promise;
  }

  /** One that was found running. Resolves once it is known what becomes of it: one that does not answer is drained. */
  async adopt(find: () => LongLived, port: number | undefined): Promise<void> {
    this.#port = port;
    this.#follow(find());
    if (port !== undefined && (await isHealthy(port, PROBE_PATIENCE_MS))) {
      if (this.#state === "starting") this.#becomeReady();
    } else {
      this.drain();
    }
  }

  /** No request goes to it from now on. */
  drain(): void {
    if (this.#isDraining || this.#state === "gone") return;
    this.#options.store.setDraining(this.id);
    this.#become("draining");
    if (this.#process !== undefined) this.#terminate();
  }

  kill(): void {
    if (this.identity !== undefined) signalProcess(this.identity, "SIGKILL");
  }

  get #isDraining(): boolean {
    return this.#state === "draining";
  }

  #follow(running: LongLived): void {
    this.#process = running;
    const { logs } = this.#options;
    const file = logs.open(this.id, (line) => this.#read(line));
    void writeOutput(running, file).then((reason) => {
      logs.close(this.id, file);
      this.#end(reason);
    });
  }

  #read(line: string): void {
    if (this.#port !== undefined || this.#state !== "starting") return;
    this.#port = parsePort(line);
    if (this.#port === undefined) return;
    this.#listening.resolve();
    void this.#probe(this.#port);
  }

  async #probe(port: number): Promise<void> {
    const isStarting = () => this.#state === "starting";
    if (!(await whenHealthy(port, PROBE_PATIENCE_MS, isStarting))) return;
    this.#options.store.setPort(this.id, port);
    if (isStarting()) this.#becomeReady();
  }

  #becomeReady(): void {
    clearTimeout(this.#startLimit);
    this.#readySince = performance.now();
    this.#watch = watchHealth({
      port: this.#port as number,
      intervalMs: this.#options.healthIntervalMs,
      onChange: (isUp) => this.#become(isUp ? "ready" : "unready"),
      onLost: () => this.kill(),
    });
    this.#become("ready");
  }

  #terminate(): void {
    clearTimeout(this.#startLimit);
    this.#watch?.[Symbol.dispose]();
    signalProcess((this.#process as LongLived).identity, "SIGTERM");
    const { drainTimeoutMs } = this.#options;
    if (drainTimeoutMs === undefined) return;
    this.#drainLimit = setTimeout(() => this.kill(), drainTimeoutMs).unref();
  }

  #end(reason: string): void {
    clearTimeout(this.#startLimit);
    clearTimeout(this.#drainLimit);
    this.#watch?.[Symbol.dispose]();
    const wasDraining = this.#isDraining;
    this.#state = "gone";
    const servedMs = this.#readySince === undefined ? 0 : performance.now() - this.#readySince;
    removeReplicaFolder(this.folder);
    this.#options.store.remove(this.id);
    this.#listening.resolve();
    this.#gone.resolve();
    this.#options.onGone(this, { reason: this.#fault ?? reason, wasDraining, servedMs });
  }

  #become(state: ReplicaState): void {
    this.#state = state;
    this.#options.onChange();
  }
}
