import { onTestFinished } from "vitest";
import { RunningProgram } from "./running-program.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";
import { until } from "./until.ts";

const LISTENING = /Listening for client connections on 127\.0\.0\.1:(\d+)/;

/** `nats-server` with JetStream on a port of its own, that can be killed and started again where it was. */
export class NatsServer {
  port = 0;
  readonly #options: readonly string[];
  readonly #folder = createTemporaryFolder();
  #program: RunningProgram | undefined;

  private constructor(options: readonly string[]) {
    this.#options = options;
    onTestFinished(async () => {
      await this.kill();
      this.#folder[Symbol.dispose]();
    });
  }

  /** Resolves when it answers. `options`: of its command line. */
  static async start(...options: readonly string[]): Promise<NatsServer> {
    const server = new NatsServer(options);
    await server.startAgain();
    return server;
  }

  async startAgain(): Promise<void> {
    const { path } = this.#folder;
    const port = this.port === 0 ? "-1" : String(this.port);
    const command = ["nats-server", "-a", "127.0.0.1", "-p", port, "-js", "-sd", path];
    const program = new RunningProgram([...command, ...this.#options], {});
    this.#program = program;
    const isReady = () => program.stderr.includes("Server is ready");
    const isOver = () => program.process.exitCode !== null;
    await until("nats-server is ready", () => isReady() || isOver(), 30_000);
    const said = LISTENING.exec(program.stderr)?.[1];
    if (said === undefined || isOver()) throw new Error(`it ended: ${program.stderr}`);
    this.port = Number(said);
  }

  /** As a crash does it. */
  async kill(): Promise<void> {
    this.#program?.process.kill("SIGKILL");
    await this.#program?.ended();
  }

  /** As an administrator does it. */
  async stop(): Promise<void> {
    this.#program?.process.kill("SIGTERM");
    await this.#program?.ended();
  }
}
