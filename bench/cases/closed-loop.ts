import { type LoopOptions, runLoop } from "../load/wrk.ts";
import type { Row } from "../report/row.ts";
import { readCpuMs } from "../server/processes.ts";
import { type Case, failureNotes } from "./case.ts";

type Judged = "throughput" | "p50";

export interface ClosedLoop {
  /** Of the case, and in front of its rows' names. */
  readonly name: string;
  readonly title: string;
  readonly load: Omit<LoopOptions, "seconds">;
  /** What one of its figures has to reach, in relation to the other side's. */
  readonly bounds: Partial<Record<Judged, Pick<Row, "must" | "aim">>>;
}

/** The names of what a closed loop tells. */
export const loopRows = (name: string) => ({
  throughput: `${name} throughput`,
  p50: `${name} p50`,
  p99: `${name} p99`,
  cpu: `${name} cpu`,
});

/** Clients that each wait for their answer: as many requests as come through, and how long one takes. */
export function closedLoop(loop: ClosedLoop): Pick<Case, "rows" | "measure"> {
  const names = loopRows(loop.name);
  const row = (figure: keyof typeof names, words: string, unit: Row["unit"]): Row => ({
    name: names[figure],
    title: `${loop.title}: ${words}`,
    unit,
    better: figure === "throughput" ? "higher" : "lower",
    judged: "ratio",
    ...loop.bounds[figure as Judged],
  });
  return {
    rows: [
      row("throughput", "throughput", "req/s"),
      row("p50", "p50", "ms"),
      row("p99", "p99", "ms"),
      // What a busy machine disturbs least: the work itself, without that of the functions.
      row("cpu", "own CPU time a request", "us"),
    ],
    async measure(server, { seconds }) {
      const cpuBefore = readCpuMs(server.pids);
      const result = await runLoop(server, { ...loop.load, seconds });
      const cpuMs = readCpuMs(server.pids) - cpuBefore;
      return {
        values: {
          [names.throughput]: result.requestsPerSecond,
          [names.p50]: result.p50Ms,
          [names.p99]: result.p99Ms,
          [names.cpu]: (cpuMs * 1e3) / result.requests,
        },
        notes: failureNotes(result.failures),
      };
    },
  };
}
