import { runFloor } from "../floor/run-floor.ts";
import { type Case, echo } from "./case.ts";
import { type ClosedLoop, closedLoop, loopRows } from "./closed-loop.ts";

/** Small requests in a closed loop: each is a process. */
export const catCases: readonly Case[] = [
  createCatCase(8, { throughput: { must: 1.3, aim: 1.7 } }),
  createCatCase(64, { throughput: { must: 1.5, aim: 2.2 } }),
  createCatCase(1, { p50: { must: 1.0, aim: 0.85 } }),
];

function createCatCase(connections: number, bounds: ClosedLoop["bounds"]): Case {
  const name = `cat-c${connections}`;
  const names = loopRows(name);
  return {
    name,
    peer: "classic",
    environment: echo,
    freshServers: false,
    ...closedLoop({
      name,
      title: `\`cat\`, 11 bytes, c=${connections}`,
      load: { connections },
      bounds,
    }),
    async floor({ seconds, cpuGroups }) {
      const loop = await runFloor({ concurrency: connections, seconds, cpuGroups });
      return {
        [names.throughput]: loop.runsPerSecond,
        [names.p50]: loop.p50Ms,
        [names.p99]: loop.p99Ms,
      };
    },
  };
}
