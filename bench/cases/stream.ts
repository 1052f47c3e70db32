import { startStreams, stream } from "../load/stream.ts";
import type { StreamOptions, StreamResult } from "../load/streamer.ts";
import { runLoop } from "../load/wrk.ts";
import type { Row } from "../report/row.ts";
import { readMemory, watchMemory } from "../server/memory.ts";
import { type Case, failureNotes } from "./case.ts";

const mebibyte = 1024 ** 2;
const gibibyte = 1024 * mebibyte;
const besideBytes = 200 * mebibyte;
const streamingEcho = {
  mode: "streaming",
  fprocess: "cat",
  exec_timeout: "60s",
  read_timeout: "60s",
  write_timeout: "60s",
};

/** Bodies that are bigger than any buffer, there and back at the same time. */
export const bigStreamCases: readonly Case[] = [
  createStreamCase("stream-1g", gibibyte, "length", {
    throughput: { must: 0.6, aim: 1.0 },
    memory: { must: 48, aim: 24 },
  }),
  // Behind the first answered bytes Go throws away what it has read of a body of unknown length.
  createStreamCase("stream-chunked", besideBytes, "chunked", { throughput: {}, memory: {} }),
];

type Bounds = Pick<Row, "must" | "aim">;

function createStreamCase(
  name: string,
  bytes: number,
  framing: StreamOptions["framing"],
  bounds: { readonly throughput: Bounds; readonly memory: Bounds },
): Case {
  const title = `${bytes / mebibyte} MiB through \`cat\`, \`streaming\`, ${framing === "chunked" ? "chunked" : "of known length"}`;
  const throughput = `${name} throughput`;
  const memory = `${name} memory`;
  const lost = `${name} lost`;
  return {
    name,
    peer: "of",
    environment: streamingEcho,
    freshServers: true,
    rows: [
      {
        name: throughput,
        title: `${title}: throughput`,
        unit: "MB/s",
        better: "higher",
        judged: "ratio",
        ...bounds.throughput,
      },
      {
        name: memory,
        title: "the same: private memory over idle",
        unit: "MiB",
        better: "lower",
        judged: "value",
        ...bounds.memory,
      },
      {
        name: lost,
        title: "the same: bytes lost",
        unit: "bytes",
        better: "lower",
        judged: "value",
        must: 0,
      },
    ],
    async measure(server) {
      const idle = readMemory(server.pids);
      const watch = watchMemory(server.pids);
      const result = await stream(server, { bytes, framing });
      const peak = watch.stop();
      return {
        values: {
          [throughput]: result.received / 1e6 / result.seconds,
          [memory]: peak.anonymous - idle.anonymous,
          [lost]: bytes - result.received,
        },
        notes: streamNotes(result, bytes),
      };
    },
  };
}

/** Small requests that share the replica with big streams. */
export const besideStreamsCase: Case = {
  name: "small-beside-streams",
  peer: "of",
  environment: streamingEcho,
  freshServers: false,
  rows: [
    {
      name: "beside p99",
      title: "`cat` at c=4 beside two 200 MiB streams: p99",
      unit: "ms",
      better: "lower",
      judged: "ratio",
      must: 1.0,
      aim: 0.7,
    },
    {
      name: "beside p99 over alone",
      title: "the same: p99 over that of the same load alone",
      unit: "x",
      better: "lower",
      judged: "value",
      must: 2,
    },
    {
      name: "beside throughput",
      title: "the same: throughput of the streams",
      unit: "MB/s",
      better: "higher",
      judged: "ratio",
    },
  ],
  async measure(server, { seconds }) {
    const alone = await runLoop(server, { connections: 4, seconds: Math.ceil(seconds / 2) });
    const streams = [1, 2].map(() =>
      startStreams(server, { bytes: besideBytes, framing: "length", repeat: true }),
    );
    const loop = await runLoop(server, { connections: 4, seconds });
    for (const each of streams) each.stop();
    const results = (await Promise.all(streams.map((each) => each.results))).flat();
    const streamed = results.reduce((sum, { received }) => sum + received, 0);
    const streamSeconds = results.reduce((sum, result) => sum + result.seconds, 0);
    return {
      values: {
        "beside p99": loop.p99Ms,
        "beside p99 over alone": loop.p99Ms / alone.p99Ms,
        "beside throughput": (streamed / 1e6 / streamSeconds) * streams.length,
      },
      notes: [
        ...failureNotes(loop.failures),
        ...new Set(results.flatMap((result) => streamNotes(result, besideBytes))),
      ],
    };
  },
};

function streamNotes(result: StreamResult, bytes: number): string[] {
  const lost = bytes - result.received;
  return [
    ...(result.status === 200 ? [] : [`a stream was answered with ${result.status}`]),
    ...(result.complete ? [] : ["a stream was cut off"]),
    ...(lost === 0 ? [] : [`a stream lost ${lost} of ${bytes} bytes`]),
    ...(lost === 0 && !result.intact ? ["a stream came back with other bytes"] : []),
  ];
}
