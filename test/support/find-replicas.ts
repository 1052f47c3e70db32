import { readFileSync } from "node:fs";
import { findProcesses } from "../../bench/server/processes.ts";
import { readStatFields } from "../../src/process/process-identity.ts";

const SESSION = 6 - 3;

/** The replicas that gateways with their data in this folder have started: each leads a session, and is no run of a function. */
export function findReplicas(dataFolder: string): number[] {
  return findProcesses(dataFolder)
    .map(({ pid }) => pid)
    .filter((pid) => readStatFields(pid)?.[SESSION] === String(pid) && !isRun(pid));
}

/** What a watchdog starts carries its mark. */
function isRun(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").includes("BREEZE_SESSION=");
  } catch {
    return true;
  }
}
