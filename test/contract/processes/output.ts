import { describe, test } from "vitest";
import { startRecorded } from "../../support/recorded-run.ts";
import { until } from "../../support/until.ts";
import { type Subject, shell } from "./subject.ts";

/** What comes from descriptors 1 and 2. */
export function describeOutput({ create, lacks }: Subject): void {
  describe("output", () => {
    test("stdout and stderr arrive apart", async ({ expect }) => {
      await using processes = await create({ command: shell("echo out; echo err >&2; echo out") });
      const recorded = startRecorded(processes, { holdOutput: true });
      await recorded.gone();
      expect([recorded.output, recorded.errorOutput]).toEqual(["out\nout\n", "err\n"]);
    });

    test("combined, stderr is part of the output", async ({ expect }) => {
      await using processes = await create({ command: shell("echo out; echo err >&2") });
      const recorded = startRecorded(processes, { combineOutput: true });
      await recorded.gone();
      expect(recorded.output.split("\n").sort()).toEqual(["", "err", "out"]);
      expect(recorded.errorOutput).toBe("");
    });

    test.skipIf(lacks.includes("outputOrder"))(
      "combined, stdout and stderr keep their order",
      async ({ expect }) => {
        const script =
          "i=0; while [ $i -lt 2000 ]; do echo out$i; echo err$i >&2; i=$((i+1)); done";
        await using processes = await create({ command: shell(script) });
        for (const holdOutput of [true, false]) {
          const recorded = startRecorded(processes, { combineOutput: true, holdOutput });
          await recorded.gone();
          const expected = Array.from({ length: 2000 }, (_, i) => `out${i}\nerr${i}\n`).join("");
          expect(recorded.output).toBe(expected);
          expect(recorded.errorOutput).toBe("");
        }
      },
    );

    test("a megabyte of stderr arrives whole while stdout is silent", async ({ expect }) => {
      await using processes = await create({ command: shell("head -c 1048576 /dev/zero >&2") });
      const recorded = startRecorded(processes);
      expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 0 });
      await recorded.gone();
      expect(recorded.errorOutput.length).toBe(1048576);
    });

    for (const holdOutput of [true, false]) {
      for (const size of [65535, 65536, 65537, 65536 * 2, 3_000_000]) {
        test(`${size} bytes written at once arrive, ${holdOutput ? "held" : "at once"}`, async ({
          expect,
        }) => {
          await using processes = await create({ command: ["head", "-c", `${size}`, "/dev/zero"] });
          const recorded = startRecorded(processes, { holdOutput });
          expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 0 });
          expect(recorded.outputBytes).toBe(size);
          await recorded.gone();
        });
      }
    }

    test("not held, the first byte arrives while the process still runs", async ({ expect }) => {
      await using processes = await create({ command: shell("printf a; sleep 60") });
      const recorded = startRecorded(processes);
      await until("the byte arrives", () => recorded.output === "a");
      recorded.run.terminate("aborted");
      await recorded.gone();
      expect(recorded.events).toEqual(["output", "outcome", "gone"]);
    });

    test("many small writes arrive in order and complete", async ({ expect }) => {
      const command = ["dd", "bs=1", "status=none"];
      const body = Buffer.from(Array.from({ length: 20_000 }, (_, index) => index % 251));
      await using processes = await create({ command });
      for (const holdOutput of [true, false]) {
        const recorded = startRecorded(processes, { body, holdOutput });
        await recorded.gone();
        expect(recorded.output).toBe(body.toString("latin1"));
      }
    });

    for (const size of [20_000, 40_000_000]) {
      test(`of ${size} bytes nothing is passed on while the output is paused, and all of it later`, async ({
        expect,
      }) => {
        await using processes = await create({ command: ["head", "-c", `${size}`, "/dev/zero"] });
        const recorded = startRecorded(processes);
        recorded.run.pauseOutput();
        await new Promise((resolve) => setTimeout(resolve, 150));
        expect(recorded.outputBytes).toBe(0);
        expect(recorded.decidedOutcome).toBeUndefined();
        recorded.run.resumeOutput();
        expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 0 });
        expect(recorded.outputBytes).toBe(size);
        await recorded.gone();
      });
    }

    test("pausing and resuming at every chunk loses nothing", async ({ expect }) => {
      const size = 5_000_000;
      await using processes = await create({ command: ["head", "-c", `${size}`, "/dev/zero"] });
      const recorded = startRecorded(
        processes,
        {},
        {
          onOutput: () => {
            recorded.run.pauseOutput();
            setImmediate(() => recorded.run.resumeOutput());
          },
        },
      );
      expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 0 });
      expect(recorded.outputBytes).toBe(size);
      await recorded.gone();
    });

    test("a process whose reader is slow is not late once it has ended", async ({ expect }) => {
      await using processes = await create({ command: ["head", "-c", "100000", "/dev/zero"] });
      const recorded = startRecorded(
        processes,
        { deadlineMs: 400 },
        {
          onOutput: () => recorded.run.pauseOutput(),
        },
      );
      await new Promise((resolve) => setTimeout(resolve, 700));
      while (recorded.decidedOutcome === undefined) {
        recorded.run.resumeOutput();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 0 });
      expect(recorded.outputBytes).toBe(100_000);
      await recorded.gone();
    });
  });
}
