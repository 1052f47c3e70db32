import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Server } from "../server/server.ts";
import { startProgram } from "./program.ts";

/** What a closed loop of small requests reached. */
export interface LoopResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Answers that were not 2xx, connections that broke, answers that did not come: none, or the figures mean nothing. */
  readonly failures: number;
}

export interface LoopOptions {
  readonly connections: number;
  readonly seconds: number;
  /** `/` if it is not said. */
  readonly path?: string;
  /** If it is not said, 11 bytes are posted. */
  readonly method?: "GET";
}

const script = fileURLToPath(new URL("request.lua", import.meta.url));

/** Its version, or an error that says where to get it. */
export function findWrk(): string {
  const { error, stdout } = spawnSync("wrk", ["--version"], { encoding: "utf8" });
  if (error)
    throw new Error("wrk is missing; it makes the load: apt-get install wrk (Debian package wrk)");
  return stdout.split("Copyright")[0]?.trim() ?? "";
}

/** Sends small requests over `connections` kept-alive connections, each of which waits for its answer. */
export async function runLoop(
  server: Pick<Server, "port" | "enter">,
  options: LoopOptions,
): Promise<LoopResult> {
  const { output } = startProgram(server, [
    "wrk",
    "--threads=1",
    `--connections=${options.connections}`,
    `--duration=${options.seconds}s`,
    `--script=${script}`,
    `http://127.0.0.1:${server.port}${options.path ?? "/"}`,
    ...(options.method === undefined ? [] : ["--", "get"]),
  ]);
  const line = (await output).trim().split("\n").at(-1) ?? "";
  const result = JSON.parse(line) as Record<string, number>;
  const figure = (name: string) => result[name] ?? Number.NaN;
  return {
    requests: figure("requests"),
    requestsPerSecond: figure("requests") / (figure("microseconds") / 1e6),
    p50Ms: figure("p50") / 1e3,
    p99Ms: figure("p99") / 1e3,
    maxMs: figure("max") / 1e3,
    failures: figure("badStatuses") + figure("socketErrors") + figure("timeouts"),
  };
}
