import { readdirSync, readFileSync } from "node:fs";
import { readStatFields } from "./process-identity.ts";

/** What processes have used so far, and have now. */
export interface ProcessUsage {
  /** User and system time, that of their ended children included. */
  readonly cpuMs: number;
  /** Pages that several of them share count for each. */
  readonly memoryBytes: number;
}

const NOTHING: ProcessUsage = Object.freeze({ cpuMs: 0, memoryBytes: 0 });

/** Of the processes with these numbers and all that descend from them. Where there is no /proc: nothing. */
export function readUsage(pids: readonly number[]): ProcessUsage {
  if (process.platform !== "linux") return NOTHING;
  const table = readTable();
  const members = new Set<number>();
  const waiting = [...pids];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    if (members.has(pid)) continue;
    members.add(pid);
    waiting.push(...(table.children.get(pid) ?? []));
  }
  let [cpuMs, memoryBytes] = [0, 0];
  for (const pid of members) {
    cpuMs += table.cpuMs.get(pid) ?? 0;
    memoryBytes += readResidentBytes(pid);
  }
  return { cpuMs, memoryBytes };
}

interface Table {
  readonly children: ReadonlyMap<number, readonly number[]>;
  readonly cpuMs: ReadonlyMap<number, number>;
}

/** Linux counts in these for programs, whatever the kernel itself does. */
const TICK_MS = 10;
/** Of `readStatFields`, which begins with field 3 of proc(5). */
const PARENT = 4 - 3;
const USER_TIME = 14 - 3;
const CHILDREN_SYSTEM_TIME = 17 - 3;

function readTable(): Table {
  const children = new Map<number, number[]>();
  const cpuMs = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const fields = Number.isInteger(pid) ? readStatFields(pid) : undefined;
    if (fields === undefined) continue;
    const parent = Number(fields[PARENT]);
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [pid]);
    else siblings.push(pid);
    const ticks = fields.slice(USER_TIME, CHILDREN_SYSTEM_TIME + 1).map(Number);
    cpuMs.set(pid, ticks.reduce((sum, tick) => sum + tick, 0) * TICK_MS);
  }
  return { children, cpuMs };
}

function readResidentBytes(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    return Number(kilobytes?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
