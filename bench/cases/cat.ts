import { runFloor } from "../floor/run-floor.ts";
import { runLoop } from "../load/wrk.ts";
import type { Row } from "../report/row.ts";
import { readCpuMs } from "../server/processes.ts";
import { type Case, echo, failureNotes } from "./case.ts";

/** Small requests in a closed loop: each is a process. */
export const catCases: readonly Case[] = [
  createCatCase(8, { judged: "ratio", better: "higher", must: 1.3, aim: 1.7 }),
  createCatCase(64, { judged: "ratio", better: "higher", must: 1.5, aim: 2.2 }),
  createCatCase(1, { judged: "ratio", better: "lower", must: 1.0, aim: 0.85 }),
];

type Bound = Pick<Row, "judged" | "better" | "must" | "aim">;

/** At one connection the latency is judged, at more of them the throughput. */
function createCatCase(connections: number, bound: Bound): Case {
  const name = `cat-c${connections}`;
  const title = `\`cat\`, 11 bytes, c=${connections}`;
  const throughput = { name: `${name} throughput`, title: `${title}: throughput`, unit: "req/s" };
  const latency = { name: `${name} p50`, title: `${title}: p50`, unit: "ms" };
  const tail = { name: `${name} p99`, title: `${title}: p99`, unit: "ms" };
  const cpu = { name: `${name} cpu`, title: `${title}: own CPU time a request`, unit: "us" };
  const forInformation = { judged: "ratio", better: "higher" } as const;
  return {
    name,
    peer: "classic",
    environment: echo,
    freshServers: false,
    rows: [
      { ...throughput, ...(connections === 1 ? forInformation : bound) },
      { ...latency, ...(connections === 1 ? bound : { ...forInformation, better: "lower" }) },
      { ...tail, ...forInformation, better: "lower" },
      // What a busy machine disturbs least: the work itself, without that of the functions.
      { ...cpu, ...forInformation, better: "lower" },
    ] as Row[],
    async measure(server, { seconds }) {
      const cpuBefore = readCpuMs(server.pids);
      const loop = await runLoop(server, { connections, seconds });
      const cpuMs = readCpuMs(server.pids) - cpuBefore;
      return {
        values: {
          [throughput.name]: loop.requestsPerSecond,
          [latency.name]: loop.p50Ms,
          [tail.name]: loop.p99Ms,
          [cpu.name]: (cpuMs * 1e3) / loop.requests,
        },
        notes: failureNotes(loop.failures),
      };
    },
    async floor({ seconds, cpuGroups }) {
      const loop = await runFloor({ concurrency: connections, seconds, cpuGroups });
      return {
        [throughput.name]: loop.runsPerSecond,
        [latency.name]: loop.p50Ms,
        [tail.name]: loop.p99Ms,
      };
    },
  };
}
