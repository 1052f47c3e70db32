import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  globSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { until } from "../until.ts";

/** A container engine of the tests' own: nothing of it is shared with another, and nothing stays. */
export interface Engine extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly host: string;
}

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;

export async function startEngine(): Promise<Engine> {
  sweep();
  const folder = mkdtempSync(join(tmpdir(), `breeze-engine-${process.pid}-`));
  const socket = join(folder, "sock");
  const bridge = addBridge();
  const daemon = startDaemon(folder, socket, bridge);
  const stop = () => stopEngine(daemon, folder, bridge);
  try {
    await until("the engine answers", () => answers(daemon, socket), START_LIMIT_MS);
  } catch (error) {
    const log = readFileSync(join(folder, "log"), "utf8").trimEnd().split("\n").slice(-5);
    await stop();
    throw new Error(`no engine: ${log.join("\n")}`, { cause: error });
  }
  return { host: `unix://${socket}`, [Symbol.asyncDispose]: stop };
}

/** The network's first address is the bridge's; containers get the others, and are reached at them directly. */
function addBridge(): string {
  const addresses = ip("-oneline", "-4", "addr");
  const free = [...Array(256).keys()].find((n) => !addresses.includes(` 172.31.${n}.`)) ?? 0;
  const bridge = `breeze-${process.pid}`;
  ip("link", "add", bridge, "type", "bridge");
  ip("addr", "add", `172.31.${free}.1/24`, "dev", bridge);
  ip("link", "set", bridge, "up");
  return bridge;
}

/** Removes what tests that were cut short have left. */
function sweep(): void {
  const isOver = (pid: string | undefined) => !existsSync(`/proc/${pid}`);
  // Only a line's own name: those of a bridge's ports name it too.
  for (const [, bridge, pid] of ip("-oneline", "link").matchAll(/^\d+: (breeze-(\d+)):/gm)) {
    if (isOver(pid)) removeBridge(bridge ?? "");
  }
  for (const folder of globSync(join(tmpdir(), "breeze-engine-*"))) {
    if (isOver(/breeze-engine-(\d+)/.exec(folder)?.[1])) removeFolder(folder);
  }
}

/** Another run's sweep may have been quicker. */
function removeBridge(bridge: string): void {
  try {
    ip("link", "delete", bridge);
  } catch (error) {
    if (existsSync(join("/sys/class/net", bridge))) throw error;
  }
}

function ip(...parameters: readonly string[]): string {
  return execFileSync("ip", parameters, { encoding: "utf8" });
}

function startDaemon(folder: string, socket: string, bridge: string): ChildProcess {
  const log = openSync(join(folder, "log"), "w");
  const own = (name: string) => join(folder, name);
  const daemon = spawn(
    "setpriv", // the engine ends with the tests, however these end
    [
      ...["--pdeathsig", "TERM", "dockerd", "--host", `unix://${socket}`],
      ...["--data-root", own("data"), "--exec-root", own("exec"), "--pidfile", own("pid")],
      // Firewall rules would outlive the engine, and change what the machine forwards.
      ...["--bridge", bridge, "--iptables=false", "--ip-masq=false", "--group", "root"],
    ],
    { stdio: ["ignore", log, log], detached: true },
  );
  closeSync(log);
  return daemon;
}

async function answers(daemon: ChildProcess, socketPath: string): Promise<boolean> {
  if (daemon.exitCode !== null) throw new Error(`dockerd ended with ${daemon.exitCode}`);
  await delay(50);
  return new Promise((resolve) => {
    get({ socketPath, path: "/_ping" }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on("error", () => resolve(false));
  });
}

async function stopEngine(daemon: ChildProcess, folder: string, bridge: string): Promise<void> {
  if (daemon.exitCode === null && daemon.signalCode === null) {
    const ended = once(daemon, "exit");
    daemon.kill("SIGTERM");
    const timer = setTimeout(() => daemon.kill("SIGKILL"), STOP_LIMIT_MS);
    await ended;
    clearTimeout(timer);
  }
  removeBridge(bridge);
  removeFolder(folder);
}

/** An engine that was killed leaves mounts in it. */
function removeFolder(folder: string): void {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .filter((path) => path.startsWith(`${folder}/`));
  for (const path of mounts.reverse()) execFileSync("umount", ["--lazy", path]);
  rmSync(folder, { recursive: true, force: true });
}
