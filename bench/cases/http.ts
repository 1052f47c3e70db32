import type { EventsResult } from "../load/events.ts";
import { nodeCommand, startProgram } from "../load/program.ts";
import type { TransferResult } from "../load/transfer.ts";
import { readMemory, watchMemory } from "../server/memory.ts";
import type { Server } from "../server/server.ts";
import { compileUpstream } from "../upstream/compile.ts";
import type { Case } from "./case.ts";
import { type ClosedLoop, closedLoop } from "./closed-loop.ts";

const gibibyte = 1024 ** 3;
const clients = 50;

const environment = (upstreamPort: number) => ({
  mode: "http",
  fprocess: `${compileUpstream()} ${upstreamPort}`,
  upstream_url: `http://127.0.0.1:${upstreamPort}`,
  exec_timeout: "60s",
  read_timeout: "60s",
  write_timeout: "60s",
});

const throughputBound = {
  unit: "MB/s",
  better: "higher",
  judged: "ratio",
  must: 1.0,
  aim: 1.5,
} as const;

/** A program that serves HTTP itself, and costs next to nothing. */
export const httpCases: readonly Case[] = [
  createLoopCase(64, { throughput: { must: 1.5, aim: 2 } }),
  createLoopCase(1, { p50: { must: 0.8, aim: 0.6 } }),
  createTransferCase(),
  createEventsCase(),
];

function createLoopCase(connections: number, bounds: ClosedLoop["bounds"]): Case {
  const name = `http-c${connections}`;
  return {
    name,
    peer: "of",
    environment,
    freshServers: false,
    ...closedLoop({
      name,
      title: `\`http\`, 11 bytes, c=${connections}`,
      load: { connections },
      bounds,
    }),
  };
}

function createTransferCase(): Case {
  const title = "`http`, 1 GiB";
  return {
    name: "http-1g",
    peer: "of",
    environment,
    freshServers: true,
    rows: [
      { name: "http-1g up", title: `${title} to the program: throughput`, ...throughputBound },
      { name: "http-1g down", title: `${title} from the program: throughput`, ...throughputBound },
      {
        name: "http-1g memory",
        title: "the same: private memory over idle",
        unit: "MiB",
        better: "lower",
        judged: "value",
        must: 48,
        aim: 24,
      },
    ],
    async measure(server) {
      const idle = readMemory(server.pids);
      const watch = watchMemory(server.pids);
      const result = await run<TransferResult>(server, "transfer.ts", { bytes: gibibyte });
      const peak = watch.stop();
      return {
        values: {
          "http-1g up": gibibyte / 1e6 / result.upSeconds,
          "http-1g down": gibibyte / 1e6 / result.downSeconds,
          "http-1g memory": peak.anonymous - idle.anonymous,
        },
        notes: result.lost === 0 ? [] : [`lost ${result.lost} bytes`],
      };
    },
  };
}

/** How old an event is when its client has it: the watchdog's part is the most of it, and all of it counts. */
function createEventsCase(): Case {
  const title = `\`http\`, ${clients} clients with 100 events a second each: age of an event`;
  return {
    name: "http-events",
    peer: "of",
    environment,
    freshServers: false,
    rows: [
      {
        name: "http-events p99",
        title: `${title}, p99`,
        unit: "ms",
        better: "lower",
        judged: "value",
        must: 5,
        aim: 2,
      },
      {
        name: "http-events p50",
        title: `${title}, p50`,
        unit: "ms",
        better: "lower",
        judged: "value",
      },
    ],
    async measure(server, { seconds }) {
      const result = await run<EventsResult>(server, "events.ts", { clients, seconds });
      const isShort = result.events < clients * seconds * 50;
      return {
        values: { "http-events p99": result.p99Ms, "http-events p50": result.p50Ms },
        notes: isShort ? [`only ${result.events} events came`] : [],
      };
    },
  };
}

async function run<Result>(server: Server, file: string, options: object): Promise<Result> {
  const command = nodeCommand(file, { ...options, port: server.port });
  return JSON.parse(await startProgram(server, command).output) as Result;
}
