import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parseCount } from "./options.ts";
import { parseOrExit } from "./parse-or-exit.ts";
import type { Mode } from "./soak/kind.ts";
import { findSoakFaults } from "./soak/report.ts";
import { runSoak } from "./soak/run-soak.ts";

const watchdog = fileURLToPath(new URL("../bin/fwatchdog.ts", import.meta.url));

const usage = `npm run soak -- [--requests 100000 | --minutes N] [--mode classic] [--clients 24] [--seed NUMBER] [--deadline MS] [--ours COMMAND] [--verbose]`;

const { seed, isVerbose, options } = parseOrExit(usage, () => {
  const { values } = parseArgs({
    options: {
      requests: { type: "string", default: "100000" },
      minutes: { type: "string" },
      clients: { type: "string", default: "24" },
      mode: { type: "string", default: "classic" },
      seed: { type: "string", default: String((Date.now() % 1e6) + 1) },
      deadline: { type: "string", default: "2000" },
      ours: { type: "string" },
      verbose: { type: "boolean", default: false },
    },
  });
  return {
    seed: values.seed,
    isVerbose: values.verbose,
    options: {
      command: values.ours?.split(" ").filter(Boolean) ?? [process.execPath, watchdog],
      mode: values.mode as Mode,
      length:
        values.minutes === undefined
          ? { requests: parseCount("--requests", values.requests) }
          : { minutes: parseCount("--minutes", values.minutes) },
      clients: parseCount("--clients", values.clients),
      seed: parseCount("--seed", values.seed),
      deadlineMs: parseCount("--deadline", values.deadline),
    },
  };
});

const report = await runSoak({ ...options, report: (line) => console.error(line) });
const { kinds, log, ...rest } = report;
console.table(kinds);
console.log(JSON.stringify({ seed, ...rest }, null, 2));
if (isVerbose) console.error(log);
const faults = findSoakFaults(report, { memoryGrowth: 0.1 });
for (const fault of faults) console.error(fault);
console.error(faults.length === 0 ? "passed" : "FAILED");
process.exitCode = faults.length === 0 ? 0 : 1;
