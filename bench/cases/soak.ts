import { type Row, valueRow } from "../report/row.ts";
import { findSoakFaults, type SoakReport } from "../soak/report.ts";
import { runSoak } from "../soak/run-soak.ts";
import type { SoloCase } from "./case.ts";

const memoryGrowth = 0.1;
const seed = 1;

/** Errors, aborts, timeouts, escapees: what is left of them afterwards. */
export const soakCase: SoloCase = {
  name: "soak",
  rows: [
    soakRow("soak wrong", "mixed requests (errors, aborts, timeouts, escapees): wrong answers", 0),
    soakRow("soak descriptors", "the same: descriptors more than before", 0),
    soakRow("soak zombies", "the same: zombies", 0),
    soakRow("soak leftovers", "the same: processes left running", 0),
    {
      ...soakRow(
        "soak memory",
        "the same: memory after all over that after a tenth",
        1 + memoryGrowth,
      ),
      unit: "x",
    },
  ],
  async measureOurs(command, { requests, report }) {
    const found = await runSoak({
      command,
      mode: "classic",
      length: { requests },
      clients: 24,
      seed,
      deadlineMs: 2_000,
      report,
    });
    return { values: toValues(found), notes: findSoakFaults(found, { memoryGrowth }) };
  },
};

function soakRow(name: string, title: string, must: number): Row {
  return valueRow(name, title, "", { must });
}

function toValues({ kinds, descriptors, zombies, leftovers, memoryMiB }: SoakReport) {
  const more = descriptors.after.map((count, index) => count - (descriptors.before[index] ?? 0));
  return {
    "soak wrong": Object.values(kinds).reduce((sum, { wrong }) => sum + wrong, 0),
    "soak descriptors": Math.max(...more),
    "soak zombies": zombies,
    "soak leftovers": leftovers.length,
    "soak memory": memoryMiB.late / memoryMiB.early,
  };
}
