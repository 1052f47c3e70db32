import { describe } from "vitest";
import { createProcesses } from "../../src/process/spawn.ts";
import { DEFAULT_OPTIONS } from "../contract/processes/subject.ts";
import { describeProcesses } from "../contract/processes.contract.ts";
import { noSpawnerReason } from "../support/no-spawner-reason.ts";

const throwing = (message: string) => {
  throw new Error(message);
};

describe.skipIf(noSpawnerReason)(noSpawnerReason ?? "with the spawner", () => {
  describeProcesses({
    name: "spawner",
    lacks: [],
    mixedRuns: 2000,
    create: (options, events) =>
      createProcesses(
        { ...DEFAULT_OPTIONS, ...options },
        { onLost: throwing, onWarning: throwing, onSignal: throwing, ...events },
      ),
  });
});
