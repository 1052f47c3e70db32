import { onTestFinished } from "vitest";
import { readWatchdogConfig } from "../../src/config/read.ts";
import type { Processes } from "../../src/process/run.ts";
import { createProcesses } from "../../src/process/spawn.ts";
import { startWatchdog, type Watchdog } from "../../src/watchdog/server.ts";
import { askRaw, type RawAnswer, RawClient } from "./raw-http.ts";
import { RecordedTelemetry } from "./recorded-telemetry.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

export interface StartedWatchdog {
  readonly port: number;
  readonly watchdog: Watchdog;
  readonly processes: Processes;
  readonly telemetry: RecordedTelemetry;
  readonly folder: string;
  /** Sends bytes on a connection of their own. */
  ask(request: string): Promise<RawAnswer>;
  post(body: string, headers?: string): Promise<RawAnswer>;
  connect(): Promise<RawClient>;
}

export interface StartOptions {
  /** Instead of the spawner's. */
  readonly processes?: Processes;
  /** Besides this process's PATH: what every process starts from. */
  readonly environment?: readonly string[];
}

/** A watchdog in this process on a free port, with `variables` for its configuration; gone with the test. */
export async function startTestWatchdog(
  variables: Readonly<Record<string, string>>,
  options: StartOptions = {},
): Promise<StartedWatchdog> {
  const folder = createTemporaryFolder();
  // First, so that it is the last to happen, and happens where the start fails too.
  onTestFinished(() => folder[Symbol.dispose]());
  const { config } = readWatchdogConfig({
    fprocess: "cat",
    port: "0",
    host: "127.0.0.1",
    metrics_port: "0",
    TMPDIR: folder.path,
    ...variables,
  });
  const telemetry = new RecordedTelemetry();
  const baseEnvironment = [`PATH=${process.env.PATH}`, ...(options.environment ?? [])];
  const { command, termGraceMs, daemons, cgroups } = config;
  const processes =
    options.processes ??
    (await createProcesses({ command, baseEnvironment, termGraceMs, daemons, cgroups }, EVENTS));
  const watchdog = await startWatchdog({ config, baseEnvironment, processes, telemetry });
  onTestFinished(async () => {
    await watchdog.close();
    await processes.close();
  });
  const { port } = watchdog;
  return {
    port,
    watchdog,
    processes,
    telemetry,
    folder: folder.path,
    ask: (request) => askRaw(port, request),
    post: (body, headers = "") => askRaw(port, toPost(body, headers)),
    connect: () => RawClient.connect(port),
  };
}

/** A request with a body, and header lines that each end with CRLF. */
export const toPost = (body: string, headers = "", path = "/"): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;

/** A request without a body. */
export const toGet = (path = "/", headers = ""): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;

const EVENTS = {
  onLost(message: string): void {
    throw new Error(message);
  },
  onWarning() {},
  onSignal() {},
};
