import { probe } from "../load/probe.ts";
import { runLoop } from "../load/wrk.ts";
import { percentile } from "../report/statistics.ts";
import { type Case, echo, failureNotes } from "./case.ts";

const connections = 32;

/** A health check that is late while the replica works ends the replica. */
export const healthCase: Case = {
  name: "health",
  peer: "classic",
  environment: echo,
  freshServers: false,
  rows: [
    {
      name: "health p99",
      title: `\`/_/health\` while c=${connections} runs: p99`,
      unit: "ms",
      better: "lower",
      judged: "ratio",
      must: 0.6,
      aim: 0.4,
    },
    {
      name: "health p50",
      title: `\`/_/health\` while c=${connections} runs: p50`,
      unit: "ms",
      better: "lower",
      judged: "ratio",
    },
  ],
  async measure(server, { seconds }) {
    const load = runLoop(server, { connections, seconds: seconds + 1 });
    const { latenciesMs, statuses } = await probe(server, {
      path: "/_/health",
      intervalMs: 5,
      count: Number.MAX_SAFE_INTEGER,
      seconds,
    });
    const { failures } = await load;
    const unhealthy = latenciesMs.length - (statuses["200"] ?? 0);
    return {
      values: {
        "health p99": percentile(latenciesMs, 99),
        "health p50": percentile(latenciesMs, 50),
      },
      notes: [
        ...failureNotes(failures),
        ...(unhealthy > 0 ? [`${unhealthy} health checks failed`] : []),
      ],
    };
  },
};
