import { setTimeout as sleep } from "node:timers/promises";
import { readMemory } from "../server/memory.ts";
import { countDescriptors, findProcesses, listProcesses } from "../server/processes.ts";
import type { Server } from "../server/server.ts";

/** What is there when no request is. */
export interface Remains {
  readonly descriptors: readonly number[];
  readonly zombies: number;
  readonly leftovers: readonly string[];
  readonly memoryMiB: number;
}

const patienceMs = 15_000;
const settleMs = 1_000;

/** Looks until nothing is left that must not be, or for as long as one can wait for it. */
export async function readRemains(
  server: Server,
  mark: string,
  descriptorsBefore?: readonly number[],
): Promise<Remains> {
  const deadline = performance.now() + patienceMs;
  await sleep(settleMs);
  for (;;) {
    const remains = lookOnce(server, mark);
    const isQuiet =
      remains.zombies === 0 &&
      remains.leftovers.length === 0 &&
      remains.descriptors.every((count, index) => count <= (descriptorsBefore?.[index] ?? count));
    if (isQuiet || performance.now() > deadline) return remains;
    await sleep(100);
  }
}

function lookOnce(server: Server, mark: string): Remains {
  const own = new Set(server.pids);
  const children = listProcesses().filter(({ parent }) => own.has(parent));
  return {
    descriptors: server.pids.map(countDescriptors),
    zombies: children.filter(({ state }) => state === "Z").length,
    leftovers: findProcesses(mark)
      .filter(({ pid }) => !own.has(pid))
      .map(({ pid, name }) => `${name} (${pid})`),
    memoryMiB: readMemory(server.pids).anonymous,
  };
}
