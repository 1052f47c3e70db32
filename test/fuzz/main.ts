import { parseArgs } from "node:util";
import { parseOrExit } from "../../bench/parse-or-exit.ts";
import { ourCommand } from "../support/our-command.ts";
import { LENGTH_OPTIONS, parseLength } from "../support/parse-length.ts";
import { fuzzFront } from "./fuzz-front.ts";
import { GatewayTarget } from "./gateway/gateway-target.ts";
import { WatchdogTarget } from "./watchdog/watchdog-target.ts";

const usage = `npm run fuzz -- [--minutes 1] [--seed NUMBER] [--ours PATH]
npm run fuzz -- --gateway [--minutes 1] [--seed NUMBER]`;

const { minutes, seed, ours, gateway } = parseOrExit(usage, () => {
  const { values } = parseArgs({
    options: {
      ...LENGTH_OPTIONS,
      ours: { type: "string" },
      gateway: { type: "boolean", default: false },
    },
  });
  return { ...values, ...parseLength(values) };
});
console.log(`seed ${seed}, ${minutes} min`);
const { visits, answers, faults } = await fuzzFront({
  start: () => (gateway ? GatewayTarget.start() : WatchdogTarget.start(ourCommand(ours), seed)),
  seed,
  milliseconds: minutes * 60_000,
});
for (const fault of faults) console.log(fault);
console.log(`${visits} connections, ${answers} answers, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
