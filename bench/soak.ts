import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parseCount } from "./options.ts";
import { parseOrExit } from "./parse-or-exit.ts";
import { COLLECTING_GATEWAY_COMMAND } from "./soak/collecting-gateway.ts";
import { findGatewayFaults, runGatewaySoak } from "./soak/gateway-soak.ts";
import type { Mode } from "./soak/kind.ts";
import { findSoakFaults } from "./soak/report.ts";
import { runSoak } from "./soak/run-soak.ts";

const watchdog = fileURLToPath(new URL("../bin/fwatchdog.ts", import.meta.url));

const usage = `npm run soak -- --gateway [--minutes 10] [--clients 24] [--seed NUMBER] [--ours COMMAND]
npm run soak -- [--requests 100000 | --minutes N] [--mode classic] [--clients 24] [--seed NUMBER] [--deadline MS] [--ours COMMAND] [--verbose]`;

const { seed, isVerbose, isGateway, gatewayLength, options } = parseOrExit(usage, () => {
  const { values } = parseArgs({
    options: {
      requests: { type: "string", default: "100000" },
      minutes: { type: "string" },
      clients: { type: "string", default: "24" },
      mode: { type: "string", default: "classic" },
      seed: { type: "string", default: String((Date.now() % 1e6) + 1) },
      deadline: { type: "string", default: "2000" },
      ours: { type: "string" },
      gateway: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
    },
  });
  return {
    seed: values.seed,
    isVerbose: values.verbose,
    isGateway: values.gateway,
    gatewayLength: {
      minutes: parseCount("--minutes", values.minutes ?? "10"),
      ours: values.ours?.split(" ").filter(Boolean),
    },
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

const faults = isGateway ? await soakGateway() : await soakWatchdog();
for (const fault of faults) console.error(fault);
console.error(faults.length === 0 ? "passed" : "FAILED");
process.exitCode = faults.length === 0 ? 0 : 1;

async function soakWatchdog(): Promise<string[]> {
  const report = await runSoak({ ...options, report: (line) => console.error(line) });
  const { kinds, log, ...rest } = report;
  console.table(kinds);
  console.log(JSON.stringify({ seed, ...rest }, null, 2));
  if (isVerbose) console.error(log);
  return findSoakFaults(report, { memoryGrowth: 0.1 });
}

async function soakGateway(): Promise<string[]> {
  const { minutes, ours } = gatewayLength;
  const command = ours ?? COLLECTING_GATEWAY_COMMAND;
  const { clients, seed } = options;
  const report = await runGatewaySoak({
    ...{ command, minutes, clients, seed },
    report: (line) => console.error(line),
  });
  const { kinds, ...rest } = report;
  console.table(kinds);
  console.log(JSON.stringify({ seed, ...rest }, null, 2));
  return findGatewayFaults(report, { memoryGrowth: 0.1 });
}
