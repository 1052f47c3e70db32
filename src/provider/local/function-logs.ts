import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { LogQuery } from "../provider.ts";
import { LogFile } from "./log-file.ts";
import { LogFollowers } from "./log-followers.ts";
import { type LogRecord, mergeRecords, openSnapshot, takeLast } from "./log-records.ts";

/** Of so many replicas that have gone the logs are kept, so that one can read why. */
const KEPT_INSTANCES = 3;
const LOG_BYTES = 10 * 1024 * 1024;

export interface FunctionLogsOptions {
  readonly folder: string;
  readonly warn: (message: string) => void;
}

/** What the replicas of one function write, in a folder with a file for each, and the one before it. */
export class FunctionLogs {
  readonly #options: FunctionLogsOptions;
  readonly #followers = new LogFollowers();
  readonly #open = new Set<string>();
  #hasFailed = false;

  constructor(options: FunctionLogsOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  }

  /** For the output of a replica, until it is closed. */
  open(instance: string, onLine: (text: string) => void): LogFile {
    this.#open.add(instance);
    return new LogFile({
      path: this.#path(instance),
      limitBytes: LOG_BYTES,
      onLine: (time, text) => {
        onLine(text);
        this.#followers.tell({ instance, time, text });
      },
      onFailure: (error) => this.#fail(error),
    });
  }

  close(instance: string, file: LogFile): void {
    file.close();
    this.#open.delete(instance);
    for (const old of this.#gone().slice(KEPT_INSTANCES)) {
      rmSync(this.#path(old), { force: true });
      rmSync(`${this.#path(old)}.1`, { force: true });
    }
  }

  async *read(query: LogQuery, signal?: AbortSignal): AsyncGenerator<LogRecord> {
    const { instance, tail, since, follow } = query;
    const follower = follow ? this.#followers.follow(signal) : undefined;
    const snapshots = this.#instances()
      .filter((one) => instance === undefined || one === instance)
      .map((one) => openSnapshot(one, this.#path(one)));
    try {
      const records = mergeRecords(snapshots.map((snapshot) => snapshot.records(since)));
      for await (const record of tail === undefined ? records : await takeLast(records, tail)) {
        if (signal?.aborted) return;
        yield record;
      }
      if (follower === undefined) return;
      for await (const record of follower.records()) {
        if (instance === undefined || record.instance === instance) yield record;
      }
    } finally {
      follower?.close();
      for (const snapshot of snapshots) snapshot[Symbol.dispose]();
    }
  }

  /** The function is no more. */
  remove(): void {
    this.#followers.end();
    rmSync(this.#options.folder, { recursive: true, force: true });
  }

  /** Nothing comes any more. */
  end(): void {
    this.#followers.end();
  }

  #path(instance: string): string {
    return join(this.#options.folder, `${instance}.log`);
  }

  #instances(): string[] {
    // Somebody may have removed it.
    if (!existsSync(this.#options.folder)) return [];
    return readdirSync(this.#options.folder)
      .filter((name) => name.endsWith(".log"))
      .map((name) => name.slice(0, -".log".length));
  }

  /** The last one to write first. */
  #gone(): string[] {
    const time = (instance: string) => statSync(this.#path(instance)).mtimeMs;
    return this.#instances()
      .filter((instance) => !this.#open.has(instance))
      .sort((a, b) => time(b) - time(a));
  }

  #fail(error: Error): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#options.warn(`Log lines cannot be kept in ${this.#options.folder}: ${error.message}`);
  }
}
