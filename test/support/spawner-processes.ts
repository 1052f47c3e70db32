import { readdirSync, readFileSync } from "node:fs";

/** Processes with this text in their environment, zombies not counted. */
export function processesWith(marker: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isAlive(pid) && environmentOf(pid).includes(marker));
}

/** The letter of proc(5): `R`, `S`, `Z`...; undefined: there is no such process. */
export function processState(pid: number): string | undefined {
  return readOr(`/proc/${pid}/stat`, "").split(") ").at(-1)?.[0];
}

/** Runs or sleeps: neither gone nor a zombie. */
export const isAlive = (pid: number): boolean => !"ZX".includes(processState(pid) ?? "X");

const environmentOf = (pid: number): string => readOr(`/proc/${pid}/environ`, "");

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return otherwise;
  }
}

/** Open in any of its threads: the spawner's have lists of their own. */
export const descriptorsOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`)
    .map((thread) => readdirSync(`/proc/${pid}/task/${thread}/fd`).length)
    .reduce((sum, count) => sum + count, 0);

/** Zombies too. */
export const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readOr(`/proc/${pid}/task/${thread}/children`, "").split(" ").filter(Boolean).map(Number),
  );
