import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, test } from "vitest";
import type { RunOptions } from "../../src/process/run.ts";
import { createProcesses } from "../../src/process/spawn.ts";
import { DEFAULT_OPTIONS, shell } from "../contract/processes/subject.ts";
import { noSpawnerReason } from "../support/no-spawner-reason.ts";

const EVENTS = {
  onLost: (message: string) => {
    throw new Error(message);
  },
  onWarning() {},
  onSignal() {},
};

const REQUEST: RunOptions = {
  environment: "",
  body: new Uint8Array(),
  deadlineMs: 0,
  combineOutput: false,
  holdOutput: true,
};

describe.skipIf(noSpawnerReason)(noSpawnerReason ?? "a flood of stderr", () => {
  test("is read a little at a time, so that everybody else has their turn", async ({ expect }) => {
    await using processes = await createProcesses(
      { ...DEFAULT_OPTIONS, command: shell("exec cat /dev/zero >&2") },
      EVENTS,
    );
    let turnBytes = 0;
    const gone = Promise.withResolvers<void>();
    const run = processes.start(REQUEST, {
      onOutput() {},
      onErrorOutput(chunk) {
        turnBytes += chunk.length;
      },
      onControlOutput() {},
      onOutcome() {},
      onGone: () => gone.resolve(),
      onInputDrain() {},
      onInputClosed() {},
    });
    let bytes = 0;
    let largestTurn = 0;
    for (let turn = 0; turn < 200 || bytes < 10e6; turn += 1) {
      // Meanwhile as much comes as the socket holds.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      turnBytes = 0;
      await nextTurn();
      bytes += turnBytes;
      largestTurn = Math.max(largestTurn, turnBytes);
    }
    run.terminate("aborted");
    await gone.promise;
    expect(largestTurn).toBeLessThan(192 * 1024);
  });
});
