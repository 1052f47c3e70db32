import { parseArgs } from "node:util";
import { ourCommand } from "../support/our-command.ts";
import { fuzzFront } from "./fuzz-front.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: String((Date.now() % 1e6) + 1) },
    ours: { type: "string" },
  },
});
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
if (!(minutes > 0 && Number.isSafeInteger(seed))) {
  console.error("npm run fuzz -- [--minutes 1] [--seed NUMBER] [--ours PATH]");
  process.exit(2);
}
console.log(`seed ${seed}, ${minutes} min`);
const { visits, answers, faults } = await fuzzFront({
  command: ourCommand(values.ours),
  seed,
  milliseconds: minutes * 60_000,
});
for (const fault of faults) console.log(fault);
console.log(`${visits} connections, ${answers} answers, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
