import { readdirSync, readFileSync } from "node:fs";

/** How long what forks faster than it can be killed is pursued, in milliseconds. */
const LIMIT_MS = 2000;

/**
 * Kills every process that has the marker of a spawner which is gone, until none is left. At once, before anything else may
 * happen: nobody is there any more who knows which process belongs to which run.
 */
export function killLeftovers(marker: string): void {
  const end = performance.now() + LIMIT_MS;
  while (killMarked(marker) > 0 && performance.now() < end) {
    // Again: they may have had children in the meantime.
  }
}

function killMarked(marker: string): number {
  let killed = 0;
  for (const entry of readProcesses()) {
    if (isMarked(entry, marker) && kill(Number(entry))) {
      killed += 1;
    }
  }
  return killed;
}

function readProcesses(): string[] {
  try {
    return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  } catch {
    return [];
  }
}

/** Each run has completed the marker with its own id. A process that has ended has no environment any more. */
function isMarked(pid: string, marker: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, "latin1");
    return environment.startsWith(`${marker}-`) || environment.includes(`\0${marker}-`);
  } catch {
    return false;
  }
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}
