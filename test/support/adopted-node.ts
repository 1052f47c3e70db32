// Node as the spawner starts it in the image: says on stdout, a line of JSON each, what it was told.
import { readEnvironment } from "../../src/process/environment.ts";
import { createProcesses } from "../../src/process/spawn.ts";
import { DEFAULT_OPTIONS } from "../contract/processes/subject.ts";
import { startRecorded } from "./recorded-run.ts";

const say = (what: string, value: unknown) => console.log(JSON.stringify([what, value]));
const environment = readEnvironment(process.env);
say("environment", environment.strings);
const processes = await createProcesses(
  { ...DEFAULT_OPTIONS, baseEnvironment: environment.strings },
  {
    onLost: (message) => say("lost", message),
    onWarning: (message) => say("warning", message),
    onSignal: (signal) => say("signal", signal),
  },
  { descriptor: environment.spawnerDescriptor },
);
const recorded = startRecorded(processes, { body: Buffer.from("in"), holdOutput: true });
say("outcome", await recorded.outcome);
say("output", recorded.output);
say("bill", await recorded.gone());
