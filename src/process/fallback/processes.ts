import { constants } from "node:os";
import { createFailedRun } from "../failed-run.ts";
import type { Lack, Processes, ProcessesOptions, Run, RunListener, RunOptions } from "../run.ts";
import { ChildRun } from "./child-run.ts";
import { startProgram } from "./program.ts";

/** What `child_process` cannot do that the spawner can. */
const LACKS: readonly Lack[] = Object.freeze([
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
]);

/** Makes processes through `child_process`, where there is no spawner. */
export function createChildProcesses(settings: ProcessesOptions): Processes {
  const runs = new Set<ChildRun>();
  const idle = Promise.withResolvers<void>();
  let closing = false;

  const forget = (run: ChildRun) => {
    runs.delete(run);
    if (closing && runs.size === 0) {
      idle.resolve();
    }
  };

  function start(options: RunOptions, listener: RunListener): Run {
    const refused = refusal(options, closing);
    if (refused !== undefined) {
      return createFailedRun(listener, () => refused);
    }
    const started = startProgram(settings, options);
    if (typeof started === "function") {
      return createFailedRun(listener, started);
    }
    const run = new ChildRun(started, settings, options, listener, () => forget(run));
    runs.add(run);
    return run;
  }

  async function close(): Promise<void> {
    closing = true;
    for (const run of runs) {
      run.kill();
    }
    if (runs.size > 0) {
      await idle.promise;
    }
  }

  return {
    name: "child_process",
    lacks: LACKS,
    start,
    splice: undefined,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function refusal({ limits = [] }: RunOptions, closing: boolean): number | undefined {
  if (closing) {
    return constants.errno.ECANCELED;
  }
  return limits.length > 0 ? constants.errno.ENOTSUP : undefined;
}
