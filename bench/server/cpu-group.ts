import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * A CPU cgroup for one server, as a container has one. Outside one, autogroup gives each process that makes a session of
 * its own (ours do) a scheduling group of its own, and the figures say nothing about a container.
 */
export interface CpuGroup {
  /** Whoever writes its pid here joins. */
  readonly joinFile: string;
  remove(): Promise<void>;
}

export type CpuGroupAnswer =
  | { readonly had: true; readonly how: string }
  | { readonly had: false; readonly why: string };

const version1 = "/sys/fs/cgroup/cpu";
const version2 = "/sys/fs/cgroup";

/** Whether this machine lets us make CPU cgroups. */
export async function tryCpuGroups(): Promise<CpuGroupAnswer> {
  try {
    await createCpuGroup(`breeze-bench-${process.pid}-try`).remove();
    return { had: true, how: existsSync(`${version2}/cgroup.controllers`) ? "v2" : "v1" };
  } catch (error) {
    return { had: false, why: (error as Error).message };
  }
}

export function createCpuGroup(name: string): CpuGroup {
  const folder = existsSync(`${version2}/cgroup.controllers`)
    ? createInVersion2(name)
    : createInVersion1(name);
  return {
    joinFile: `${folder}/cgroup.procs`,
    async remove() {
      for (let attempt = 0; attempt < 100 && killMembers(folder) > 0; attempt++) await sleep(20);
      rmdirSync(folder);
    },
  };
}

/** What a server leaves behind (the peers do, at a deadline) would keep the group from being removed. */
function killMembers(folder: string): number {
  const pids = readFileSync(`${folder}/cgroup.procs`, "utf8")
    .split("\n")
    .filter(Boolean)
    .map(Number);
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Ended meanwhile.
    }
  }
  return pids.length;
}

/** Below our own group: elsewhere we may not be let. */
function createInVersion1(name: string): string {
  const own = /^\d+:[^:]*\bcpu\b[^:]*:(.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"));
  const folder = join(version1, own?.[1] ?? "", name);
  mkdirSync(folder);
  if (!existsSync(`${folder}/cpu.shares`)) {
    rmdirSync(folder);
    throw new Error("no cgroup file system with the cpu controller");
  }
  return folder;
}

function createInVersion2(name: string): string {
  const controllers = readFileSync(`${version2}/cgroup.subtree_control`, "utf8").split(/\s+/);
  if (!controllers.includes("cpu")) writeFileSync(`${version2}/cgroup.subtree_control`, "+cpu");
  const folder = `${version2}/${name}`;
  mkdirSync(folder);
  if (!existsSync(`${folder}/cpu.weight`)) {
    rmdirSync(folder);
    throw new Error("the cpu controller is not passed on to child groups");
  }
  return folder;
}
