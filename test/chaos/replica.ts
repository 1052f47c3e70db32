import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { listFamily, type ProcessEntry } from "../../bench/server/processes.ts";

export interface ReplicaOptions {
  readonly command: readonly string[];
  readonly port: number;
  readonly variables: Readonly<Record<string, string>>;
}

/** A watchdog that is started again whenever it ends, as an engine does with a container. */
export class Replica {
  starts = 0;
  readonly #options: ReplicaOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), "breeze-chaos-"));
  #process: ChildProcess | undefined;
  #own: readonly number[] = [];
  #isWanted = true;
  #log = "";

  constructor(options: ReplicaOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const [program = "", ...rest] = this.#options.command;
    const { port, variables } = this.#options;
    this.starts++;
    const started = spawn(program, rest, {
      env: { PATH: process.env.PATH, TMPDIR: this.#folder, port: String(port), ...variables },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#process = started;
    started.stderr.setEncoding("latin1").on("data", (text: string) => {
      this.#log = (this.#log + text).slice(-8192);
    });
    started.once("exit", () => {
      this.#own = [];
      if (this.#isWanted && this.#process === started) void this.start();
    });
    await this.#untilHealthy();
    const family = listFamily(started.pid as number).map(({ pid }) => pid);
    this.#own = family.filter((pid) => !isFunction(pid));
  }

  get log(): string {
    return this.#log;
  }

  /** The watchdog's own processes, the first one first; none while it starts. */
  get own(): readonly number[] {
    return this.#own;
  }

  /** Of the function: what descends from the watchdog and is not its own. */
  functions(): readonly ProcessEntry[] {
    const pid = this.#process?.pid;
    if (pid === undefined || this.#own.length === 0) return [];
    return listFamily(pid).filter((entry) => !this.#own.includes(entry.pid));
  }

  /** Returns when it serves, and goes on serving: one that was told to end a moment ago may still say that it is healthy. */
  async settle(): Promise<void> {
    let starts = -1;
    while (starts !== this.starts || this.#own.length === 0) {
      starts = this.starts;
      await delay(500);
      await this.#untilHealthy();
    }
  }

  /** What it left in its folder, once it has been stopped; and how it ended. */
  async stop(): Promise<{ readonly exitCode: number | null; readonly files: readonly string[] }> {
    this.#isWanted = false;
    const last = this.#process as ChildProcess;
    const ended = once(last, "exit");
    last.kill("SIGTERM");
    await ended;
    const files = readdirSync(this.#folder, { recursive: true }).map(String);
    rmSync(this.#folder, { recursive: true });
    return { exitCode: last.exitCode, files };
  }

  async #untilHealthy(): Promise<void> {
    const endsAt = performance.now() + 30_000;
    while (performance.now() < endsAt) {
      const url = `http://127.0.0.1:${this.#options.port}/_/health`;
      const answer = await fetch(url).catch(() => undefined);
      if (answer?.ok) return;
      await delay(20);
    }
    throw new Error(`the watchdog does not come back: ${this.#log}`);
  }
}

/** What the watchdog starts carries its mark. */
function isFunction(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").includes("BREEZE_SESSION=");
  } catch {
    return true;
  }
}
