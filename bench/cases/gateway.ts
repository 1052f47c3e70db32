import { fileURLToPath } from "node:url";
import type { TransferOptions } from "../load/transfer.ts";
import { runLoop } from "../load/wrk.ts";
import { compileUpstream } from "../upstream/compile.ts";
import type { Case } from "./case.ts";
import { type ClosedLoop, closedLoop } from "./closed-loop.ts";
import { transfer } from "./transfer.ts";

const gateway = fileURLToPath(new URL("../gateway/serve.ts", import.meta.url));
const path = "/function/echo";

/**
 * What all of these cases have in common: a gateway in front of a function that costs next to nothing. Go's is given the
 * function as its provider, to which it passes on whatever is below `/function/`: with `direct_functions` it would look up
 * a name besides. Each of the two counts every request and has a line for it in its log: Go's cannot be told otherwise.
 */
const hop = {
  peer: "gateway",
  ours: [process.execPath, gateway],
  upstream: (port: number) => [compileUpstream(), String(port)],
  environment: (port: number) => ({
    upstream_port: String(port),
    functions_provider_url: `http://127.0.0.1:${port}`,
    basic_auth: "false",
    access_log: "all",
    read_timeout: "60s",
    write_timeout: "60s",
    upstream_timeout: "60s",
  }),
} as const satisfies Partial<Case>;

/** The way through the gateway. */
export const gatewayCases: readonly Case[] = [
  createLoopCase(64, "throughput", { must: 1.3, aim: 2 }),
  createLoopCase(1, "p50", { must: 0.8, aim: 0.5 }),
  createTransferCase("gateway-1g", "length"),
  createTransferCase("gateway-1g-chunked", "chunked"),
];

function createLoopCase(
  connections: number,
  judged: keyof ClosedLoop["bounds"],
  bound: ClosedLoop["bounds"]["p50"],
): Case {
  const name = `gateway-c${connections}`;
  const load = { connections, path };
  const title = `gateway, 11 bytes, c=${connections}`;
  const loop = closedLoop({ name, title, load, bounds: { [judged]: bound } });
  const alone = `${name} alone`;
  const isRate = judged === "throughput";
  return {
    ...hop,
    name,
    freshServers: false,
    rows: [
      ...loop.rows,
      {
        name: alone,
        title: `the same with no gateway: ${judged}`,
        unit: isRate ? "req/s" : "ms",
        better: isRate ? "higher" : "lower",
        judged: "value",
      },
    ],
    async measure(server, settings) {
      const upstream = { ...server, port: server.upstreamPort };
      const without = await runLoop(upstream, { ...load, seconds: 1 });
      const { values, notes } = await loop.measure(server, settings);
      const floor = isRate ? without.requestsPerSecond : without.p50Ms;
      return { values: { ...values, [alone]: floor }, notes };
    },
  };
}

function createTransferCase(name: string, framing: TransferOptions["framing"]): Case {
  return {
    ...hop,
    name,
    freshServers: true,
    ...transfer({
      name,
      title: `gateway, 1 GiB, ${framing === "chunked" ? "chunked" : "of known length"}`,
      prefix: path,
      framing,
      throughput: {},
      memory: { must: 64 },
    }),
  };
}
