import { parseArgs } from "node:util";
import { parseOrExit } from "../../../bench/parse-or-exit.ts";
import { LENGTH_OPTIONS, parseLength } from "../../support/parse-length.ts";
import { runGatewayChaos } from "./run-gateway-chaos.ts";

const usage = "npm run chaos:gateway -- [--minutes 1] [--seed NUMBER] [--nats-port PORT]";

const { minutes, seed, natsPort } = parseOrExit(usage, () => {
  const { values } = parseArgs({
    options: {
      ...LENGTH_OPTIONS,
      // Of a nats-server with JetStream on this machine that nobody else uses.
      "nats-port": { type: "string" },
    },
  });
  return { ...parseLength(values), natsPort: values["nats-port"] };
});
console.log(`seed ${seed}, ${minutes} min`);
const { faults, ...report } = await runGatewayChaos({
  seed,
  milliseconds: minutes * 60_000,
  variables:
    natsPort === undefined ? {} : { faas_nats_address: "127.0.0.1", faas_nats_port: natsPort },
});
for (const fault of faults) console.log(fault);
console.log(JSON.stringify(report));
console.log(faults.length === 0 ? "passed" : "FAILED");
process.exitCode = faults.length === 0 ? 0 : 1;
