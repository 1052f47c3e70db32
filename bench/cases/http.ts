import type { EventsResult } from "../load/events.ts";
import { nodeCommand, startProgram } from "../load/program.ts";
import { compileUpstream } from "../upstream/compile.ts";
import type { Case } from "./case.ts";
import { type ClosedLoop, closedLoop } from "./closed-loop.ts";
import { transfer } from "./transfer.ts";

const clients = 50;

const environment = (upstreamPort: number) => ({
  mode: "http",
  fprocess: `${compileUpstream()} ${upstreamPort}`,
  upstream_url: `http://127.0.0.1:${upstreamPort}`,
  exec_timeout: "60s",
  read_timeout: "60s",
  write_timeout: "60s",
});

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
  return {
    name: "http-1g",
    peer: "of",
    environment,
    freshServers: true,
    ...transfer({
      name: "http-1g",
      title: "`http`, 1 GiB",
      prefix: "",
      framing: "length",
      throughput: { must: 1.0, aim: 1.5 },
      memory: { must: 48, aim: 24 },
    }),
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
      const command = nodeCommand("events.ts", { clients, seconds, port: server.port });
      const result = JSON.parse(await startProgram(server, command).output) as EventsResult;
      const isShort = result.events < clients * seconds * 50;
      return {
        values: { "http-events p99": result.p99Ms, "http-events p50": result.p50Ms },
        notes: isShort ? [`only ${result.events} events came`] : [],
      };
    },
  };
}
