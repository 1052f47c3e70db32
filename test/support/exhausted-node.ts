// Has no descriptor left when a run starts, and then has some again: says as JSON how the two runs ended.
import { closeSync, openSync } from "node:fs";
import { createProcesses } from "../../src/process/spawn.ts";
import { DEFAULT_OPTIONS } from "../contract/processes/subject.ts";
import { startRecorded } from "./recorded-run.ts";

const say = (message: string) => console.error(message);
const processes = await createProcesses(DEFAULT_OPTIONS, {
  onLost: say,
  onWarning: say,
  onSignal: say,
});
const results = [];
const opened: number[] = [];
try {
  for (;;) opened.push(openSync("/dev/null", "r"));
} catch {
  // This was the last one.
}
results.push(await runCat());
for (const descriptor of opened) closeSync(descriptor);
results.push(await runCat());
console.log(JSON.stringify(results));
await processes.close();

async function runCat() {
  const recorded = startRecorded(processes, { body: undefined });
  recorded.run.write(Buffer.alloc(100_000));
  recorded.run.endInput();
  const outcome = await recorded.outcome;
  await recorded.gone();
  return { outcome, bytes: recorded.outputBytes };
}
