import { describe, test } from "vitest";
import { findMarked, killMarked } from "../../support/marked-processes.ts";
import { startRecorded } from "../../support/recorded-run.ts";
import { until } from "../../support/until.ts";
import { markedEnvironment, type Subject, shell } from "./subject.ts";

/** What processes leave behind, one by one and all together. */
export function describeLeavings({ create, lacks }: Subject): void {
  describe("leavings", () => {
    test("what a process leaves running is ended with its answer", async ({ expect }) => {
      const { mark, baseEnvironment } = markedEnvironment();
      const command = shell("sleep 300 >/dev/null 2>&1 & echo answer");
      await using processes = await create({ command, baseEnvironment });
      const recorded = startRecorded(processes, { holdOutput: true });
      expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 0 });
      await recorded.gone();
      expect(findMarked(mark)).toEqual([]);
    });

    test("daemons may be kept", async ({ expect }) => {
      const { mark, baseEnvironment } = markedEnvironment();
      const command = shell("sleep 300 >/dev/null 2>&1 & echo answer");
      await using processes = await create({ command, baseEnvironment, daemons: "keep" });
      const recorded = startRecorded(processes);
      await recorded.gone();
      expect(findMarked(mark).length).toBe(1);
      killMarked(mark);
      await until("the daemon is gone", () => findMarked(mark).length === 0);
    });

    test.skipIf(lacks.includes("findsEscapees"))(
      "what escaped its session is ended with it",
      async ({ expect }) => {
        const { mark, baseEnvironment } = markedEnvironment();
        const command = shell("setsid setsid sleep 300 & sleep 0.2; echo answer");
        await using processes = await create({ command, baseEnvironment });
        const recorded = startRecorded(processes, { deadlineMs: 600 });
        await recorded.gone();
        expect(findMarked(mark)).toEqual([]);
      },
    );

    test("closing ends every session at once, whatever it does, and settles every run", async ({
      expect,
    }) => {
      const { mark, baseEnvironment } = markedEnvironment();
      const command = shell("trap '' TERM; sleep 300 & while :; do sleep 0.05; done");
      const processes = await create({ command, baseEnvironment, termGraceMs: 60_000 });
      const runs = [1, 2, 3].map(() => startRecorded(processes));
      await until("all of them run", () => findMarked(mark).length >= 6);
      await processes.close();
      for (const run of runs) {
        expect(await run.outcome).toEqual({ kind: "aborted" });
        await run.gone();
      }
      expect(findMarked(mark)).toEqual([]);
      await processes.close();
    });

    test("after closing a start is a failed start", async ({ expect }) => {
      const processes = await create({ command: ["true"] });
      await processes.close();
      const recorded = startRecorded(processes);
      expect((await recorded.outcome).kind).toBe("spawnFailed");
      await recorded.gone();
    });
  });
}
