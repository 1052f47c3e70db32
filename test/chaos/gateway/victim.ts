import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findFreePort } from "../../../bench/server/free-port.ts";
import { until } from "../../support/until.ts";
import { tell } from "./tell.ts";

const PROGRAM = fileURLToPath(new URL("../../../bin/gateway.ts", import.meta.url));
const START_MS = 60_000;

/** A gateway that is killed, and started again on the same folder and port. */
export class Victim {
  /** All of it is in here, and nothing of it anywhere else. */
  readonly folder: string;
  readonly port: number;
  /** When it was killed, in milliseconds of the machine's clock. */
  readonly kills: number[] = [];
  starts = 0;
  log = "";
  readonly #variables: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number, variables: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.port = port;
    this.#variables = variables;
    for (const name of ["data", "tmp"]) mkdirSync(join(folder, name));
  }

  static async create(
    folder: string,
    variables: Readonly<Record<string, string>>,
  ): Promise<Victim> {
    return new Victim(folder, await findFreePort(), variables);
  }

  get dataFolder(): string {
    return join(this.folder, "data");
  }

  get temporaryFolder(): string {
    return join(this.folder, "tmp");
  }

  start(): void {
    this.starts++;
    const started = spawn(process.execPath, [PROGRAM], {
      env: {
        PATH: process.env.PATH,
        TMPDIR: this.temporaryFolder,
        port: String(this.port),
        metrics_port: "0",
        data_dir: this.dataFolder,
        shutdown_timeout: "30s",
        ...this.#variables,
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    started.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.log = (this.log + text).slice(-16_384);
    });
    this.#process = started;
  }

  /** Resolves when it answers. */
  async ready(): Promise<void> {
    const isWell = async () => (await tell(this.port, "GET", "/healthz"))?.status === 200;
    await until("it answers", async () => this.#hasEnded || (await isWell()), START_MS);
    if (this.#hasEnded) throw new Error(`the gateway does not come back: ${this.log}`);
  }

  async kill(): Promise<void> {
    const killed = this.#process as ChildProcess;
    const ended = once(killed, "exit");
    this.kills.push(Date.now());
    killed.kill("SIGKILL");
    await ended;
  }

  /** In good order; its exit code. */
  async stop(): Promise<number | null> {
    const stopped = this.#process as ChildProcess;
    const ended = once(stopped, "exit");
    stopped.kill("SIGTERM");
    await ended;
    return stopped.exitCode;
  }

  get #hasEnded(): boolean {
    const { exitCode = null, signalCode = null } = this.#process ?? {};
    return exitCode !== null || signalCode !== null;
  }
}
