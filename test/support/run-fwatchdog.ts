import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { createTemporaryFolder } from "./temporary-folder.ts";
import { until } from "./until.ts";

const PROGRAM = fileURLToPath(new URL("../../bin/fwatchdog.ts", import.meta.url));

export interface FwatchdogOptions {
  /** What runs it, with its arguments. */
  readonly under?: readonly string[];
  /** As which user and group, for what root is allowed to. */
  readonly uid?: number;
}

/** `bin/fwatchdog.ts` as it is, in a process of its own with nothing in its environment but what is given. */
export class Fwatchdog {
  readonly process: ChildProcess;
  readonly folder: string;
  readonly #exit: Promise<unknown[]>;
  stdout = "";
  stderr = "";

  constructor(
    variables: Readonly<Record<string, string>>,
    commandLine: readonly string[] = [],
    { under = [], uid }: FwatchdogOptions = {},
  ) {
    const folder = createTemporaryFolder();
    this.folder = folder.path;
    if (uid !== undefined) chownSync(folder.path, uid, uid);
    const [program, ...rest] = [...under, process.execPath, PROGRAM, ...commandLine];
    const standard = { PATH: process.env.PATH, port: "0", metrics_port: "0", TMPDIR: folder.path };
    this.process = spawn(program as string, rest, {
      ...(uid === undefined ? {} : { uid, gid: uid }),
      env: { ...standard, ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process.stdout?.on("data", (chunk) => {
      this.stdout += chunk;
    });
    this.process.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
    });
    this.#exit = once(this.process, "close");
    onTestFinished(async () => {
      this.process.kill("SIGKILL");
      await this.#exit;
      folder[Symbol.dispose]();
    });
  }

  /** The port, once it listens. */
  async port(): Promise<number> {
    await until(
      "it says its port",
      () => /"port":(\d+)/.test(this.stderr) || this.process.exitCode !== null,
      30_000,
    );
    const port = /"port":(\d+)/.exec(this.stderr)?.[1];
    if (port === undefined) throw new Error(`it ended: ${this.stderr}`);
    return Number(port);
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  /** How it ended: its exit code, or the signal it died of. */
  async ended(): Promise<number | string> {
    const [code, signal] = await this.#exit;
    return (code ?? signal) as number | string;
  }
}
