import { parseArgs } from "node:util";
import { compileFixture } from "../support/compile-fixture.ts";
import { ourCommand } from "../support/our-command.ts";
import { chaosIn } from "./functions.ts";
import { runChaos } from "./run-chaos.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    mode: { type: "string", default: "classic" },
    seed: { type: "string", default: String((Date.now() % 1e6) + 1) },
    ours: { type: "string" },
  },
});
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
if (!(minutes > 0 && Number.isSafeInteger(seed))) {
  console.error("npm run chaos -- [--minutes 1] [--mode classic] [--seed NUMBER] [--ours PATH]");
  process.exit(2);
}
using program = compileFixture("echoes-in-pieces");
console.log(`${values.mode}, seed ${seed}, ${minutes} min`);
const { faults, ...report } = await runChaos({
  command: ourCommand(values.ours),
  ...(await chaosIn(values.mode, program.path)),
  seed,
  milliseconds: minutes * 60_000,
});
for (const fault of faults) console.log(fault);
console.log(JSON.stringify({ ...report, starts: report.starts }));
console.log(faults.length === 0 ? "passed" : "FAILED");
process.exitCode = faults.length === 0 ? 0 : 1;
