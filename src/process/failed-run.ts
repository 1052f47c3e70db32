import { NO_BILL } from "./outcome.ts";
import type { Run, RunListener } from "./run.ts";

/**
 * A run whose process never was. It says so in a turn of its own, when its starter has it in hand; the reason is asked
 * for only then.
 */
export function createFailedRun(listener: RunListener, readErrno: () => number): Run {
  let decided = false;
  setImmediate(() => {
    if (!decided) {
      decided = true;
      listener.onOutcome({ kind: "spawnFailed", errno: readErrno() });
    }
    listener.onGone(NO_BILL);
  });
  return {
    write: () => true,
    endInput: () => {},
    pauseOutput: () => {},
    resumeOutput: () => {},
    terminate(reason) {
      if (!decided) {
        decided = true;
        listener.onOutcome({ kind: reason });
      }
    },
  };
}
