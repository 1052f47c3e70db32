import { countReplicaFolders, type Replicas } from "./remains.ts";
import { tell } from "./tell.ts";
import type { Victim } from "./victim.ts";

interface Listed {
  readonly replicas?: number;
  readonly availableReplicas?: number;
}

/** Whether as many replicas answer, run and have a folder as all functions together want. */
export async function countReplicas(victim: Victim, replicas: Replicas) {
  const told = await tell(victim.port, "GET", "/system/functions");
  const listed = JSON.parse(told?.body ?? "[]") as Listed[];
  const [wanted, ready] = [
    sum(listed.map((one) => one.replicas)),
    sum(listed.map((one) => one.availableReplicas)),
  ];
  const run = replicas.look().length;
  const folders = countReplicaFolders(victim.dataFolder);
  const words = `${wanted} replicas wanted, ${ready} ready, ${run} run, ${folders} folders`;
  return { isRight: [ready, run, folders].every((count) => count === wanted), words };
}

const sum = (values: readonly (number | undefined)[]): number =>
  values.reduce<number>((total, value = 0) => total + value, 0);
