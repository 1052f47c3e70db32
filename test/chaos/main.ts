import { parseArgs } from "node:util";
import { parseOrExit } from "../../bench/parse-or-exit.ts";
import { compileFixture } from "../support/compile-fixture.ts";
import { ourCommand } from "../support/our-command.ts";
import { LENGTH_OPTIONS, parseLength } from "../support/parse-length.ts";
import { CHAOS_MODES, chaosIn } from "./functions.ts";
import { runChaos } from "./run-chaos.ts";

const usage = `npm run chaos -- [--minutes 1] [--mode ${CHAOS_MODES.join("|")}] [--seed NUMBER] [--ours PATH]`;

const { minutes, seed, mode, ours } = parseOrExit(usage, () => {
  const { values } = parseArgs({
    options: {
      ...LENGTH_OPTIONS,
      mode: { type: "string", default: "classic" },
      ours: { type: "string" },
    },
  });
  if (!CHAOS_MODES.includes(values.mode))
    throw new Error(`--mode ${values.mode}: there is no chaos for it`);
  return { ...values, ...parseLength(values) };
});
using program = compileFixture("echoes-in-pieces");
console.log(`${mode}, seed ${seed}, ${minutes} min`);
const { faults, ...report } = await runChaos({
  command: ourCommand(ours),
  ...(await chaosIn(mode, program.path)),
  seed,
  milliseconds: minutes * 60_000,
});
for (const fault of faults) console.log(fault);
console.log(JSON.stringify({ ...report, starts: report.starts }));
console.log(faults.length === 0 ? "passed" : "FAILED");
process.exitCode = faults.length === 0 ? 0 : 1;
