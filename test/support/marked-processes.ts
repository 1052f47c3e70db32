import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

/** A variable that no process but those of one test has. */
export const createMark = (): string => `BREEZE_TEST_MARK=${randomUUID()}`;

/** The processes that have this variable, zombies aside. */
export function findMarked(mark: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && readEnviron(name).split("\0").includes(mark))
    .map(Number);
}

export function killMarked(mark: string): void {
  for (const pid of findMarked(mark)) {
    process.kill(pid, "SIGKILL");
  }
}

function readEnviron(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}
