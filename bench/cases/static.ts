import { fileURLToPath } from "node:url";
import { runLoop } from "../load/wrk.ts";
import { readCpuMs } from "../server/processes.ts";
import { type Case, failureNotes } from "./case.ts";

const connections = 64;
const title = `\`static\`, a file of 1 KiB, c=${connections}`;

/** Files without a process: what is left is the watchdog's own work. */
export const staticCase: Case = {
  name: "static",
  peer: "of",
  environment: { mode: "static", static_path: fileURLToPath(new URL("site", import.meta.url)) },
  freshServers: false,
  rows: [
    {
      name: "static throughput",
      title: `${title}: throughput`,
      unit: "req/s",
      better: "higher",
      judged: "ratio",
      must: 1.0,
      aim: 1.5,
    },
    { name: "static p50", title: `${title}: p50`, unit: "ms", better: "lower", judged: "ratio" },
    { name: "static p99", title: `${title}: p99`, unit: "ms", better: "lower", judged: "ratio" },
    {
      name: "static cpu",
      title: `${title}: own CPU time a request`,
      unit: "us",
      better: "lower",
      judged: "ratio",
    },
  ],
  async measure(server, { seconds }) {
    const cpuBefore = readCpuMs(server.pids);
    const loop = await runLoop(server, { connections, seconds, path: "/page.html" });
    const cpuMs = readCpuMs(server.pids) - cpuBefore;
    return {
      values: {
        "static throughput": loop.requestsPerSecond,
        "static p50": loop.p50Ms,
        "static p99": loop.p99Ms,
        "static cpu": (cpuMs * 1e3) / loop.requests,
      },
      notes: failureNotes(loop.failures),
    };
  },
};
