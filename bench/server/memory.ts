import { readFileSync } from "node:fs";

/** Summed over processes, in MiB. */
export interface Memory {
  /** Pages that belong to no file: what each replica pays again. This is what is judged. */
  readonly anonymous: number;
  /** Pages that no other process has: those of files that are mapped here alone are in it too. */
  readonly unshared: number;
}

/** A process that has ended counts nothing. */
export function readMemory(pids: readonly number[]): Memory {
  const rollups = pids.map(readRollup);
  return {
    anonymous: sum(rollups, ["Anonymous"]),
    unshared: sum(rollups, ["Private_Clean", "Private_Dirty"]),
  };
}

export interface MemoryWatch {
  /** The largest sums that were seen. */
  stop(): Memory;
}

/** Samples the memory of the processes until stopped. */
export function watchMemory(pids: readonly number[], intervalMs = 50): MemoryWatch {
  let peak = readMemory(pids);
  const sample = () => {
    const now = readMemory(pids);
    peak = {
      anonymous: Math.max(peak.anonymous, now.anonymous),
      unshared: Math.max(peak.unshared, now.unshared),
    };
  };
  const timer = setInterval(sample, intervalMs);
  return {
    stop() {
      clearInterval(timer);
      sample();
      return peak;
    },
  };
}

function readRollup(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  } catch {
    return "";
  }
}

function sum(rollups: readonly string[], fields: readonly string[]): number {
  const kibibytes = rollups.flatMap((rollup) =>
    fields.map((field) =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(rollup)?.[1] ?? 0),
    ),
  );
  return kibibytes.reduce((total, value) => total + value, 0) / 1024;
}
