import { formatBytes } from "../core/bytes.ts";

/** The least memory that a replica was measured to serve with, page cache of the watchdog's own file included. */
export const MEASURED_MINIMUM_BYTES = 64 * 2 ** 20;

/** The text of a file, or `undefined` where it cannot be read. */
export type FileReader = (path: string) => string | undefined;

/** The memory limit of the container (or of any cgroup above this process), in bytes; `undefined`: none. */
export function readMemoryLimit(readFile: FileReader): number | undefined {
  const limits = parseMemberships(readFile("/proc/self/cgroup") ?? "")
    .flatMap(limitFiles)
    .map((path) => parseLimit(readFile(path)))
    .filter((limit) => limit !== undefined);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** What to say at start where the limit is too low; `undefined`: nothing. */
export function describeLowMemory(limitBytes: number | undefined): string | undefined {
  if (limitBytes === undefined || limitBytes >= MEASURED_MINIMUM_BYTES) return undefined;
  const least = formatBytes(MEASURED_MINIMUM_BYTES);
  return `The memory limit is ${formatBytes(limitBytes)}; less than ${least} was measured to be slow, or not to start.`;
}

/** More than the watchdog itself has in memory while it serves. */
const WATCHDOG_BYTES = 128 * 2 ** 20;

/**
 * The oom_score_adj (proc(5)) of a function's processes: they seem larger than they are by as much as the watchdog is, so that
 * the kernel, when memory runs out, ends one of them and not the replica. Many together may use it up, and each be smaller
 * than the watchdog. `memoryBytes`: the limit, or else all there is.
 */
export function toOomScore(memoryBytes: number, readFile: FileReader): number {
  const ownScore = Number(readFile("/proc/self/oom_score_adj") ?? 0);
  return Math.min(ownScore + Math.ceil((1000 * WATCHDOG_BYTES) / memoryBytes), 1000);
}

/** Membership in one hierarchy: the folder it is mounted at, the path in it, and the name of the limit's file. */
interface Membership {
  readonly mount: string;
  readonly path: string;
  readonly file: string;
}

/** Lines such as `0::/user.slice` (cgroup v2) and `7:memory:/docker/0123` (v1). */
function parseMemberships(text: string): readonly Membership[] {
  return text.split("\n").flatMap((line): Membership[] => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) return [];
    if (controllers === "") return [{ mount: "/sys/fs/cgroup", path, file: "memory.max" }];
    if (!controllers.split(",").includes("memory")) return [];
    return [{ mount: "/sys/fs/cgroup/memory", path, file: "memory.limit_in_bytes" }];
  });
}

/**
 * The limit of every cgroup from the root down counts. In a container the path may be that of the host while the mount
 * begins at the container's own cgroup: then only the root is there, and is the one that counts.
 */
function limitFiles({ mount, path, file }: Membership): readonly string[] {
  const folders = path.split("/").filter((name) => name !== "" && name !== "..");
  return [
    mount,
    ...folders.map((_, depth) => [mount, ...folders.slice(0, depth + 1)].join("/")),
  ].map((folder) => `${folder}/${file}`);
}

/** v2 writes `max` for no limit, v1 the largest number of pages. */
function parseLimit(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+\s*$/.test(text)) return undefined;
  const bytes = Number(text);
  return bytes < NO_LIMIT_BYTES ? bytes : undefined;
}

const NO_LIMIT_BYTES = 2 ** 60;
