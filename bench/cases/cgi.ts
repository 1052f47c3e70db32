import { fileURLToPath } from "node:url";
import { runLoop } from "../load/wrk.ts";
import { readCpuMs } from "../server/processes.ts";
import { type Case, failureNotes } from "./case.ts";

const program = fileURLToPath(new URL("prints-a-header", import.meta.url));
const title = "`cgi`, one header, c=8";

/** What it costs to read a head off the output, and to be ready to stream: the same program as text for `classic`. */
export const cgiCase: Case = {
  name: "cgi",
  peer: { name: "our classic", environment: { fprocess: program } },
  environment: { mode: "cgi", fprocess: program },
  freshServers: false,
  rows: [
    {
      name: "cgi throughput",
      title: `${title}: throughput`,
      unit: "req/s",
      better: "higher",
      judged: "ratio",
      must: 0.95,
    },
    { name: "cgi p50", title: `${title}: p50`, unit: "ms", better: "lower", judged: "ratio" },
    { name: "cgi p99", title: `${title}: p99`, unit: "ms", better: "lower", judged: "ratio" },
    {
      name: "cgi cpu",
      title: `${title}: own CPU time a request`,
      unit: "us",
      better: "lower",
      judged: "ratio",
    },
  ],
  async measure(server, { seconds }) {
    const cpuBefore = readCpuMs(server.pids);
    const loop = await runLoop(server, { connections: 8, seconds });
    const cpuMs = readCpuMs(server.pids) - cpuBefore;
    return {
      values: {
        "cgi throughput": loop.requestsPerSecond,
        "cgi p50": loop.p50Ms,
        "cgi p99": loop.p99Ms,
        "cgi cpu": (cpuMs * 1e3) / loop.requests,
      },
      notes: failureNotes(loop.failures),
    };
  },
};
