import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type CpuGroup, createCpuGroup } from "./cpu-group.ts";
import { findFreePort } from "./free-port.ts";
import { createNetwork, type Network, sharedNetwork } from "./network.ts";
import { listensOn, listFamily } from "./processes.ts";

/** How the servers of this run are kept apart. */
export interface Isolation {
  readonly cpuGroups: boolean;
  readonly networks: boolean;
}

type Variables = Readonly<Record<string, string>>;
export type Environment = Variables | ((upstreamPort: number) => Variables);

export interface ServerOptions {
  /** For messages, and for the names of cgroup and network. */
  readonly name: string;
  readonly command: readonly string[];
  /** Variables besides PATH, the port and those for a quick stop. */
  readonly environment: Environment;
  /** What it passes requests on to, and does not start itself. */
  readonly upstream?: ((port: number) => readonly string[]) | undefined;
  /** Where it listens if it cannot be told, and shares its network. */
  readonly fixedPort?: number | undefined;
  readonly isolation: Isolation;
}

/** A watchdog or a gateway that listens. */
export interface Server {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  readonly upstreamPort: number;
  /** From the start of its first process until its port was open. */
  readonly startMs: number;
  /** Its own processes (not those of its functions), as they were when it was idle. */
  readonly pids: readonly number[];
  /** Goes before a command that is to reach it. */
  readonly enter: readonly string[];
  /** The last lines it logged. */
  log(): string;
  stop(): Promise<Ending>;
}

/** How its first process ended. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Waits for a line, then becomes the server: shells and namespaces are no part of its start. */
const gate = ["sh", "-c", 'echo && read -r line && exec "$@" </dev/null >/dev/null', "gate"];
const startTimeoutMs = 10_000;
const stopTimeoutMs = 3_000;
const logTailLength = 16_384;
/** As it calls itself (`upstream.c`): no process of the watchdog's own. */
const upstreamName = "bench-upstream";
let started = 0;

export async function startServer(options: ServerOptions): Promise<Server> {
  const label = `breeze-bench-${process.pid}-${++started}`;
  const group = options.isolation.cpuGroups ? createCpuGroup(label) : undefined;
  const network = options.isolation.networks ? createNetwork(label) : sharedNetwork;
  const folder = mkdtempSync(join(tmpdir(), `${label}-`));
  const { port, upstreamPort } = await choosePorts(options);
  const variables = toVariables(options.environment, upstreamPort);
  const child = launch({ ...options, environment: variables }, group, network, folder, port);
  const log = keepTail(child);
  const upstream = options.upstream && startUpstream(options.upstream(upstreamPort), network);
  const stop = async () => {
    const ending = await endProcess(child);
    if (upstream) await endProcess(upstream);
    await group?.remove();
    network.remove();
    rmSync(folder, { recursive: true, force: true });
    return ending;
  };
  try {
    const begun = await openGate(child);
    const pid = await untilListening(child, port);
    const startMs = performance.now() - begun;
    await sleep(100);
    const pids = listFamily(pid).flatMap((member) =>
      member.name === upstreamName ? [] : [member.pid],
    );
    const { name } = options;
    return { name, pid, port, upstreamPort, startMs, pids, enter: network.enter, log, stop };
  } catch (error) {
    await stop();
    throw new Error(`${options.name}: ${(error as Error).message}\n${log()}`);
  }
}

async function choosePorts({ isolation, fixedPort }: ServerOptions) {
  if (isolation.networks) return { port: 8080, upstreamPort: 3000 };
  return { port: fixedPort ?? (await findFreePort()), upstreamPort: await findFreePort() };
}

function toVariables(environment: Environment, upstreamPort: number): Variables {
  return typeof environment === "function" ? environment(upstreamPort) : environment;
}

function launch(
  options: ServerOptions & { readonly environment: Variables },
  group: CpuGroup | undefined,
  network: Network,
  folder: string,
  port: number,
): ChildProcess {
  const join = group ? ["sh", "-c", 'echo $$ >"$0" && exec "$@"', group.joinFile] : [];
  const [program = "", ...args] = [...join, ...network.enter, ...gate, ...options.command];
  return spawn(program, args, {
    // stderr is a pipe, as in a container: what a log line costs is part of what is measured.
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      TMPDIR: folder,
      port: String(port),
      healthcheck_interval: "1ms",
      // Ours can live beside a metrics server of somebody else; the peers' port is fixed.
      ...(network === sharedNetwork && { metrics_port: "0" }),
      ...options.environment,
    },
  });
}

/** Beside the server, as the load is: what it uses is not the server's. */
function startUpstream(command: readonly string[], network: Network): ChildProcess {
  const [program = "", ...args] = [...network.enter, ...command];
  return spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
}

/** When everything is prepared and only the server itself is to be started, it is. */
async function openGate(child: ChildProcess): Promise<number> {
  await Promise.race([once(child.stdout as Readable, "data"), failure(child)]);
  const begun = performance.now();
  child.stdin?.end("\n");
  return begun;
}

async function untilListening(child: ChildProcess, port: number): Promise<number> {
  const pid = child.pid as number;
  const deadline = performance.now() + startTimeoutMs;
  while (!listensOn(pid, port)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("ended at its start");
    if (performance.now() > deadline) throw new Error(`does not listen on port ${port}`);
    await sleep(1);
  }
  return pid;
}

async function failure(child: ChildProcess): Promise<never> {
  if (child.pid === undefined) throw (await once(child, "error"))[0];
  await once(child, "exit");
  throw new Error("ended before its start");
}

/** TERM, then KILL. The peers need their whole write_timeout where a function still runs. */
async function endProcess(child: ChildProcess): Promise<Ending> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
    await gone;
    clearTimeout(timer);
  }
  return { exitCode: child.exitCode, signal: child.signalCode };
}

function keepTail(child: ChildProcess): () => string {
  let tail = "";
  child.stderr?.setEncoding("latin1").on("data", (text: string) => {
    tail = (tail + text).slice(-logTailLength);
  });
  return () => tail;
}
