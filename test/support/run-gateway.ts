import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { RunningProgram } from "./running-program.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";
import { until } from "./until.ts";

const PROGRAM = fileURLToPath(new URL("../../bin/gateway.ts", import.meta.url));

/** A folder for one gateway after the other. What its functions still run when the test is over is ended then. */
export function createDataFolder(): string {
  const folder = createTemporaryFolder();
  onTestFinished(() => {
    for (const pid of findProcessesIn(folder.path)) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {}
    }
    folder[Symbol.dispose]();
  });
  return folder.path;
}

/** All processes that were told of a folder by a variable: a gateway, its replicas, and what these run. */
export function findProcessesIn(folder: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readEnvironment(pid).includes(folder))
    .map(Number);
}

function readEnvironment(pid: string): string {
  try {
    return readFileSync(join("/proc", pid, "environ"), "latin1");
  } catch {
    return "";
  }
}

/** `bin/gateway.ts` as it is, in a process of its own, on free ports. */
export class RunningGateway extends RunningProgram {
  url = "";
  /** Of every request that names none itself. */
  readonly headers: Record<string, string> = {};

  constructor(
    folder: string,
    variables: Readonly<Record<string, string>> = {},
    commandLine: readonly string[] = [],
    program = PROGRAM,
  ) {
    const standard = { PATH: process.env.PATH, port: "0", metrics_port: "0", data_dir: folder };
    super([process.execPath, program, ...commandLine], { env: { ...standard, ...variables } });
  }

  /** Resolves when it listens. */
  static async start(
    folder: string,
    variables: Readonly<Record<string, string>> = {},
    program = PROGRAM,
  ): Promise<RunningGateway> {
    const gateway = new RunningGateway(folder, variables, [], program);
    const isOver = () => gateway.process.exitCode !== null;
    const what = () => `it listens, and says: ${gateway.stderr}`;
    await until(what, () => gateway.#started !== undefined || isOver(), 45_000);
    if (gateway.#started === undefined) throw new Error(`it ended: ${gateway.stderr}`);
    gateway.url = gateway.#started.url;
    return gateway;
  }

  /** As `fetch`, of a path. */
  ask(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers: this.headers, ...init });
  }

  /** Sends JSON. */
  tell(method: string, path: string, body: unknown): Promise<Response> {
    return this.ask(path, { method, body: JSON.stringify(body) });
  }

  /** As `faas-cli deploy --image functions/alpine:latest --fprocess PROCESS` does it. */
  async deploy(service: string, envProcess: string, more: object = {}): Promise<number> {
    const image = "functions/alpine:latest";
    const body = { service, image, envProcess, network: "", envVars: {}, ...more };
    const updated = await this.tell("PUT", "/system/functions", body);
    if (updated.status !== 404) return updated.status;
    return (await this.tell("POST", "/system/functions", body)).status;
  }

  get #started(): { readonly url: string } | undefined {
    const line = this.stderr.split("\n").find((text) => text.includes('"msg":"started"'));
    return line === undefined ? undefined : JSON.parse(line);
  }
}
