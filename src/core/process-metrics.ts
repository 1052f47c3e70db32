import { readdirSync, readFileSync } from "node:fs";
import type { MetricRegistry } from "./metrics.ts";

/** Our own process, under the names that every Prometheus library uses. */
export function registerProcessMetrics(registry: MetricRegistry): void {
  for (const [type, name, help, read] of PROCESS_METRICS) {
    registry.observed(type, { name: `process_${name}`, help }, read);
  }
}

const STARTED_AT_SECONDS = Math.round(performance.timeOrigin) / 1000;

type ProcessMetric = readonly [
  type: "counter" | "gauge",
  name: string,
  help: string,
  read: () => number | undefined,
];

const PROCESS_METRICS: readonly ProcessMetric[] = [
  ["counter", "cpu_seconds_total", "Total user and system CPU time spent in seconds.", cpuSeconds],
  ["gauge", "max_fds", "Maximum number of open file descriptors.", maxDescriptors],
  [
    "counter",
    "network_receive_bytes_total",
    "Number of bytes received by the process over the network.",
    () => networkBytes("InOctets"),
  ],
  [
    "counter",
    "network_transmit_bytes_total",
    "Number of bytes sent by the process over the network.",
    () => networkBytes("OutOctets"),
  ],
  ["gauge", "open_fds", "Number of open file descriptors.", openDescriptors],
  [
    "gauge",
    "resident_memory_bytes",
    "Resident memory size in bytes.",
    () => process.memoryUsage.rss(),
  ],
  [
    "gauge",
    "start_time_seconds",
    "Start time of the process since unix epoch in seconds.",
    () => STARTED_AT_SECONDS,
  ],
  ["gauge", "virtual_memory_bytes", "Virtual memory size in bytes.", virtualBytes],
  [
    "gauge",
    "virtual_memory_max_bytes",
    "Maximum amount of virtual memory available in bytes.",
    maxVirtualBytes,
  ],
];

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Without the one that lists them. */
function openDescriptors(): number | undefined {
  try {
    return readdirSync("/proc/self/fd").length - 1;
  } catch {
    return undefined;
  }
}

function virtualBytes(): number | undefined {
  // Behind the command, which is in parentheses and may hold anything: field 23 of proc_pid_stat(5).
  const fields = readProc("stat")?.split(")").at(-1)?.trim().split(" ");
  return fields === undefined ? undefined : Number(fields[20]);
}

function maxDescriptors(): number | undefined {
  return limit("Max open files");
}

function maxVirtualBytes(): number | undefined {
  return limit("Max address space");
}

function limit(name: string): number | undefined {
  const soft = new RegExp(`^${name} +(\\S+)`, "m").exec(readProc("limits") ?? "")?.[1];
  // What Go's library says for "unlimited".
  return soft === "unlimited" ? 2 ** 64 : soft === undefined ? undefined : Number(soft);
}

/** Of the container, which is what the kernel counts. */
function networkBytes(name: "InOctets" | "OutOctets"): number | undefined {
  const [names, values] = (readProc("net/netstat") ?? "")
    .split("\n")
    .filter((line) => line.startsWith("IpExt:"))
    .map((line) => line.split(" "));
  const value = values?.[names?.indexOf(name) ?? -1];
  return value === undefined ? undefined : Number(value);
}

/** `undefined` where there is no such thing: another system, or a /proc that is not mounted. */
function readProc(name: string): string | undefined {
  try {
    return readFileSync(`/proc/self/${name}`, "latin1");
  } catch {
    return undefined;
  }
}
