import { readFileSync } from "node:fs";

/** The least that the kernel gives. */
export const SHORTEST_SLICE = 100_000;

/** Of a process's `/proc/PID/sched`: nanoseconds. `undefined`: a kernel that says nothing of slices. */
export function toSliceNanoseconds(sched: string): number | undefined {
  const found = /^se\.slice\s*:\s*(\d+)$/m.exec(sched)?.[1];
  return found === undefined ? undefined : Number(found);
}

export function readSlice(folder: string): number | undefined {
  return toSliceNanoseconds(readFileSync(`${folder}/sched`, "utf8"));
}

/** Why it cannot be tested here: a slice can be asked for, and seen, since Linux 6.12. */
export function noSlicesReason(): string | undefined {
  try {
    return readSlice("/proc/self") === undefined ? "the kernel has no slices to see" : undefined;
  } catch {
    return "the kernel shows no scheduling";
  }
}
