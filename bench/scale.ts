import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parseCount } from "./options.ts";
import { parseOrExit } from "./parse-or-exit.ts";
import { describeMachine } from "./report/machine.ts";
import { type RowResult, summarise } from "./report/summary.ts";
import { toMarkdown } from "./report/table.ts";
import { runSoloCase } from "./run-case.ts";
import { scaleCases } from "./scale/all.ts";
import { GATEWAY_COMMAND } from "./scale/gateway-command.ts";

const usage = `npm run bench:scale -- [--only NAME,...] [--requests N] [--json FILE] [--ours COMMAND]

  --only     cases by name: ${scaleCases.map(({ name }) => name).join(", ")}
  --requests how many invocations are queued (10000)
  --json     writes all figures and the facts of the machine to a file
  --ours     the gateway to measure, split at blanks (this checkout's bin/gateway.ts)`;

const { only, requests, json, command } = parseOrExit(usage, () => {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "" },
      requests: { type: "string", default: "10000" },
      json: { type: "string" },
      ours: { type: "string" },
    },
  });
  const only = values.only.split(",").filter(Boolean);
  const unknown = only.find((name) => scaleCases.every((bench) => bench.name !== name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: no such case`);
  const requests = parseCount("--requests", values.requests);
  const command = values.ours?.split(" ").filter(Boolean) ?? GATEWAY_COMMAND;
  return { only, requests, json: values.json, command };
});

const machine = describeMachine();
const rows: RowResult[] = [];
const notes: string[] = [];
for (const bench of scaleCases.filter(({ name }) => only.length === 0 || only.includes(name))) {
  try {
    const settings = { requests, report: (line: string) => console.error(line) };
    const result = await runSoloCase(bench, { name: "ours", command }, settings);
    const [round] = result.rounds;
    for (const row of bench.rows) {
      const ours = round?.ours[row.name] ?? Number.NaN;
      rows.push(summarise(row, undefined, [{ ours, theirs: undefined }]));
    }
    notes.push(...result.notes.map((note) => `* ${bench.name}: ${note}`));
  } catch (error) {
    // The other cases still tell something.
    console.error(`${bench.name}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
const { commit, node, cores, model, kernel, loadAtStart } = machine;
console.log(toMarkdown(rows));
console.log(
  `\nGateway: \`${command.join(" ")}\`, commit ${commit}, node ${node}, ${cores} cores (${model}),`,
);
console.log(`kernel ${kernel}, load ${loadAtStart.toFixed(1)} at start.`);
for (const note of notes) console.log(note);
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
