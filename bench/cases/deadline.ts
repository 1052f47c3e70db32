import { fileURLToPath } from "node:url";
import { probe } from "../load/probe.ts";
import type { Case } from "./case.ts";

const program = fileURLToPath(new URL("holds-stdout", import.meta.url));

/** The function is over its time, and what it started keeps its output open for two seconds more. */
export const deadlineCase: Case = {
  name: "deadline",
  peer: "classic",
  environment: { fprocess: program, exec_timeout: "1s" },
  freshServers: true,
  rows: [
    {
      name: "deadline answer",
      title: "deadline of 1 s, a grandchild holds stdout: answer",
      unit: "ms",
      better: "lower",
      judged: "value",
      must: 1100,
      aim: 1020,
    },
  ],
  async measure(server) {
    const { latenciesMs, statuses } = await probe(server, { path: "/", method: "POST", body: "x" });
    return {
      values: { "deadline answer": latenciesMs[0] ?? Number.NaN },
      notes: statuses["408"] === 1 ? [] : [`answered with ${Object.keys(statuses).join()}`],
    };
  },
};
