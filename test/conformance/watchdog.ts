import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findFreePort } from "../../bench/server/free-port.ts";

const START_LIMIT_MS = 30_000;

/** A watchdog of whatever make, in a process of its own. */
export class RunningWatchdog implements AsyncDisposable {
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #folder: string;
  #log = "";

  private constructor(process_: ChildProcess, port: number, folder: string) {
    this.#process = process_;
    this.port = port;
    this.#folder = folder;
    process.once("SIGINT", this.#onInterrupt);
    process_.stderr?.setEncoding("latin1").on("data", (text: string) => {
      this.#log += text;
    });
  }

  /** `command`: program and arguments. Nothing but `variables` and a place for its lock file is in its environment. */
  static async start(
    command: readonly string[],
    variables: Readonly<Record<string, string>>,
  ): Promise<RunningWatchdog> {
    const [program = "", ...rest] = command;
    const folder = mkdtempSync(join(tmpdir(), "breeze-conformance-"));
    const port = await findFreePort();
    const env = { PATH: process.env.PATH, TMPDIR: folder, port: String(port), ...variables };
    const started = spawn(program, rest, {
      env,
      // A group of its own, which ends with it: of-watchdog leaves the function of mode http behind.
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const watchdog = new RunningWatchdog(started, port, folder);
    await watchdog.#untilHealthy(program);
    return watchdog;
  }

  /** Its log so far, a line each, without the time in front. */
  get logLines(): readonly string[] {
    return this.#log
      .split("\n")
      .filter(Boolean)
      .map((line) => line.replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /, ""));
  }

  /** Healthy is not yet serving, with a watchdog that does not wait for its function. */
  async untilServing(): Promise<void> {
    const endsAt = performance.now() + START_LIMIT_MS;
    while (performance.now() < endsAt) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/`);
      await answer.arrayBuffer();
      if (answer.status < 500) return;
      await delay(50);
    }
    throw new Error(`the function does not serve: ${this.#log}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off("SIGINT", this.#onInterrupt);
    this.#end();
    await once(this.#process, "close");
    rmSync(this.#folder, { recursive: true });
  }

  async #untilHealthy(program: string): Promise<void> {
    const endsAt = performance.now() + START_LIMIT_MS;
    while (performance.now() < endsAt && this.#process.exitCode === null) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/_/health`).catch(() => undefined);
      // What it says of its start is not what it says of a request.
      if (answer?.ok && this.#log.includes("Writing lock-file")) return;
      await delay(20);
    }
    this.#end();
    throw new Error(`${program} does not serve: ${this.#log}`);
  }

  #end(): void {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid !== undefined && exitCode === null && signalCode === null)
      process.kill(-pid, "SIGKILL");
  }

  /** Ctrl-C does not reach another group. */
  readonly #onInterrupt = (): void => {
    this.#end();
    process.kill(process.pid, "SIGINT");
  };
}
