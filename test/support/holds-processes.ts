// A watchdog in miniature, to be killed: starts the script it is given, three times, and says so.
import { createProcesses } from "../../src/process/spawn.ts";
import { startRecorded } from "./recorded-run.ts";
import { until } from "./until.ts";

const [script = "", mark = "", cgroups = "off"] = process.argv.slice(2);
const say = (message: string) => console.error(message);
const processes = await createProcesses(
  {
    command: ["sh", "-c", script],
    baseEnvironment: [`PATH=${process.env.PATH}`, mark],
    termGraceMs: 60_000,
    daemons: "kill",
    cgroups: cgroups === "on" ? "on" : "off",
  },
  { onLost: say, onWarning: say, onSignal: say },
);
const runs = [1, 2, 3].map(() => startRecorded(processes, { body: undefined }));
await until("all of them run", () => runs.every((run) => run.output.includes("ready")));
console.log("ready");
