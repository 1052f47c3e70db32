import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { BenchGateway } from "../scale/bench-gateway.ts";
import { readMemory } from "../server/memory.ts";
import { countDescriptors, listFamily, listProcesses } from "../server/processes.ts";

/** Connections, of clients and to replicas, of which there are as many as were ever needed at a time. */
export const KEPT_ALIVE = 32;

/** What is there when nobody asks anything. */
export interface GatewayRemains {
  /** Of the gateway's own process. */
  readonly descriptors: number;
  readonly zombies: number;
  /** The gateway and all that descends from it: its replicas, and what these run. */
  readonly processes: number;
  /** Of replicas, and of logs. */
  readonly folders: number;
  readonly memoryMiB: number;
}

export function readGatewayRemains({ pid, folder }: BenchGateway): GatewayRemains {
  const count = (name: string) => readdirSync(join(folder, "local", name)).length;
  return {
    descriptors: countDescriptors(pid),
    zombies: listProcesses().filter(({ parent, state }) => parent === pid && state === "Z").length,
    processes: listFamily(pid).length,
    folders: count("replicas") + count("logs"),
    memoryMiB: readMemory([pid]).anonymous,
  };
}
