import { setImmediate as turn } from "node:timers/promises";
import { describe, test } from "vitest";
import { findMarked } from "../../support/marked-processes.ts";
import { startRecorded } from "../../support/recorded-run.ts";
import { until } from "../../support/until.ts";
import { markedEnvironment, type Subject, shell } from "./subject.ts";

/** Deadline and termination. */
export function describeEndings({ create }: Subject): void {
  describe("endings", () => {
    test("at the deadline the outcome is decided although a grandchild holds the output", async ({
      expect,
    }) => {
      const { mark, baseEnvironment } = markedEnvironment();
      const command = shell("echo begun; sleep 300 & wait");
      await using processes = await create({ command, baseEnvironment });
      for (const options of [{ holdOutput: true }, { holdOutput: false }]) {
        const started = performance.now();
        const recorded = startRecorded(processes, { ...options, deadlineMs: 300 });
        expect(await recorded.outcome).toEqual({ kind: "timedOut" });
        const elapsed = performance.now() - started;
        expect(elapsed).toBeGreaterThan(290);
        expect(elapsed).toBeLessThan(1500);
        await recorded.gone();
        expect(findMarked(mark)).toEqual([]);
      }
    });

    test("a grandchild that holds the output of a process that has ended is late at the deadline", async ({
      expect,
    }) => {
      const { mark, baseEnvironment } = markedEnvironment();
      const command = shell("head -c 200000 /dev/zero; sleep 300 &");
      await using processes = await create({ command, baseEnvironment });
      const recorded = startRecorded(processes, { deadlineMs: 400 });
      expect(await recorded.outcome).toEqual({ kind: "timedOut" });
      await recorded.gone();
      expect(findMarked(mark)).toEqual([]);
    });

    test("without a deadline the outcome waits for whoever holds the output", async ({
      expect,
    }) => {
      await using processes = await create({ command: shell("(sleep 0.4; echo late) & exit 7") });
      const recorded = startRecorded(processes, { holdOutput: true });
      expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 7 });
      expect(recorded.output).toBe("late\n");
      await recorded.gone();
    });

    test("a process that ignores TERM is killed after the grace, and the outcome does not wait for it", async ({
      expect,
    }) => {
      const { mark, baseEnvironment } = markedEnvironment();
      const command = shell("trap '' TERM; echo ready; while :; do sleep 0.05; done");
      await using processes = await create({ command, baseEnvironment, termGraceMs: 400 });
      const recorded = startRecorded(processes);
      await until("it is ready", () => recorded.output === "ready\n");
      const started = performance.now();
      recorded.run.terminate("aborted");
      expect(recorded.decidedOutcome).toEqual({ kind: "aborted" });
      await recorded.gone();
      expect(performance.now() - started).toBeGreaterThan(390);
      expect(findMarked(mark)).toEqual([]);
    });

    test("what a process says when it is told to end: its log arrives, its output is nobody's", async ({
      expect,
    }) => {
      const script =
        "trap 'head -c 300000 /dev/zero; echo bye >&2; exit 0' TERM; echo ready; while :; do sleep 0.02; done";
      await using processes = await create({ command: shell(script), termGraceMs: 5000 });
      for (const holdOutput of [false, true]) {
        const recorded = startRecorded(processes, { holdOutput, deadlineMs: 500 });
        expect(await recorded.outcome).toEqual({ kind: "timedOut" });
        await recorded.gone();
        expect(recorded.errorOutput).toContain("bye\n");
        expect(recorded.outputBytes).toBeLessThanOrEqual("ready\n".length);
      }
    });

    test("a process that floods its output is ended within the grace", async ({ expect }) => {
      const { mark, baseEnvironment } = markedEnvironment();
      await using processes = await create({ command: ["yes"], baseEnvironment });
      const recorded = startRecorded(
        processes,
        {},
        {
          onOutput: () =>
            recorded.outputBytes > 1_000_000 && recorded.run.terminate("outputTooLarge"),
        },
      );
      expect(await recorded.outcome).toEqual({ kind: "outputTooLarge" });
      await recorded.gone();
      expect(findMarked(mark)).toEqual([]);
    });

    test("the first reason wins: a later one changes nothing", async ({ expect }) => {
      await using processes = await create({ command: ["sleep", "300"] });
      const recorded = startRecorded(processes, { deadlineMs: 5000 });
      recorded.run.terminate("outputTooLarge");
      recorded.run.terminate("aborted");
      expect(await recorded.outcome).toEqual({ kind: "outputTooLarge" });
      await recorded.gone();
      recorded.run.terminate("aborted");
      await turn();
      expect(recorded.breaches).toEqual([]);
    });

    const phases = [
      "at once",
      "a turn later",
      "while paused",
      "with half its input",
      "after the outcome",
    ];
    for (const phase of phases) {
      test(`terminated ${phase}, one outcome, and nothing is left`, async ({ expect }) => {
        const { mark, baseEnvironment } = markedEnvironment();
        const command = shell("echo out; head -c 200000 /dev/zero; sleep 300 & cat");
        await using processes = await create({ command, baseEnvironment, termGraceMs: 300 });
        const recorded = startRecorded(processes, { body: undefined });
        if (phase === "a turn later") {
          await turn();
        } else if (phase === "while paused") {
          recorded.run.pauseOutput();
          await new Promise((resolve) => setTimeout(resolve, 100));
        } else if (phase === "with half its input") {
          recorded.run.write(Buffer.alloc(300_000));
          await until("output comes", () => recorded.outputBytes > 100_000);
        } else if (phase === "after the outcome") {
          recorded.run.terminate("outputTooLarge");
        }
        recorded.run.terminate("aborted");
        const kind = phase === "after the outcome" ? "outputTooLarge" : "aborted";
        expect(await recorded.outcome).toEqual({ kind });
        await recorded.gone();
        expect(findMarked(mark)).toEqual([]);
      });
    }
  });
}
