import { onTestFinished } from "vitest";
import { RunningProgram } from "./running-program.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";
import { until } from "./until.ts";

const LISTENING = /Listening for client connections on 127\.0\.0\.1:(\d+)/;

interface Given {
  /** @defaultValue one that is free */
  readonly port?: number;
  /** @defaultValue true */
  readonly jetStream?: boolean;
  /** Of its command line. */
  readonly options?: readonly string[];
}

/** `nats-server` with JetStream on a port of its own, that can be killed and started again where it was. */
export class NatsServer {
  port: number;
  readonly #given: Given;
  readonly #folder = createTemporaryFolder();
  #program: RunningProgram | undefined;

  private constructor(given: Given) {
    this.#given = given;
    this.port = given.port ?? 0;
    onTestFinished(async () => {
      await this.kill();
      this.#folder[Symbol.dispose]();
    });
  }

  /** Resolves when it answers. */
  static async start(given: Given = {}): Promise<NatsServer> {
    const server = new NatsServer(given);
    await server.startAgain();
    return server;
  }

  async startAgain(): Promise<void> {
    const { path } = this.#folder;
    const port = this.port === 0 ? "-1" : String(this.port);
    const { jetStream = true, options = [] } = this.#given;
    const command = ["nats-server", "-a", "127.0.0.1", "-p", port, ...options];
    const program = new RunningProgram(
      [...command, ...(jetStream ? ["-js", "-sd", path] : [])],
      {},
    );
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
