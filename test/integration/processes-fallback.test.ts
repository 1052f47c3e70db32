import { createChildProcesses } from "../../src/process/fallback/processes.ts";
import { DEFAULT_OPTIONS } from "../contract/processes/subject.ts";
import { describeProcesses } from "../contract/processes.contract.ts";

describeProcesses({
  name: "child_process",
  lacks: [
    "environmentBytes",
    "reapsOrphans",
    "findsEscapees",
    "bill",
    "stdinByPath",
    "resourceLimits",
    "coreDumpFlag",
    "closesDescriptors",
    "outputOrder",
    "execFormatError",
    "diesWithWatchdog",
  ],
  mixedRuns: 100,
  create: async (options) => createChildProcesses({ ...DEFAULT_OPTIONS, ...options }),
});
