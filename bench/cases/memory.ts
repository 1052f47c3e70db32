import { setTimeout as sleep } from "node:timers/promises";
import { probe } from "../load/probe.ts";
import { runLoop } from "../load/wrk.ts";
import { type Row, valueRow } from "../report/row.ts";
import { type Memory, readMemory } from "../server/memory.ts";
import { type Case, echo, failureNotes } from "./case.ts";

const settleMs = 1_000;

/** What a replica that does nothing costs, and how soon it is there. */
export const idleCase: Case = {
  name: "idle",
  peer: "classic",
  environment: echo,
  freshServers: true,
  rows: [
    memoryRow("idle memory", "idle, private memory", { must: 16, aim: 12 }),
    memoryRow("idle unshared", "the same, with files that are mapped here alone"),
    {
      name: "start to listening",
      title: "start to listening",
      unit: "ms",
      better: "lower",
      judged: "value",
      must: 120,
      aim: 40,
    },
  ],
  async measure(server) {
    const { statuses } = await probe(server, { path: "/_/health" });
    await sleep(settleMs);
    const memory = readMemory(server.pids);
    return {
      values: { ...named("idle", memory), "start to listening": server.startMs },
      notes: statuses["200"] === 1 ? [] : ["the health check failed"],
    };
  },
};

export const memoryAfterLoadCase: Case = {
  name: "memory-after-load",
  peer: "classic",
  environment: echo,
  freshServers: true,
  rows: [
    memoryRow("after load memory", "private memory after c=8 load", { must: 28, aim: 16 }),
    memoryRow("after load unshared", "the same, with files that are mapped here alone"),
  ],
  async measure(server, { seconds }) {
    const { failures } = await runLoop(server, { connections: 8, seconds: Math.max(seconds, 4) });
    await sleep(settleMs);
    return {
      values: named("after load", readMemory(server.pids)),
      notes: failureNotes(failures),
    };
  },
};

function memoryRow(name: string, title: string, bound: Pick<Row, "must" | "aim"> = {}): Row {
  return valueRow(name, title, "MiB", bound);
}

function named(when: string, { anonymous, unshared }: Memory) {
  return { [`${when} memory`]: anonymous, [`${when} unshared`]: unshared };
}
