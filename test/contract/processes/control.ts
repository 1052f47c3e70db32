import { describe, test } from "vitest";
import { startRecorded } from "../../support/recorded-run.ts";
import { until } from "../../support/until.ts";
import { type Subject, shell } from "./subject.ts";

const ORDER = ["controlOutput", "output", "outcome", "gone"];

/** That nobody reads the input any more may be told whenever it is seen. */
const withoutInput = (events: readonly string[]) => events.filter((each) => each !== "inputClosed");

/** What comes from descriptor 3. */
export function describeControl({ create }: Subject): void {
  describe("descriptor 3", () => {
    for (const holdOutput of [true, "briefly", false] as const) {
      test(`arrives before what is written to stdout after it, held: ${holdOutput}`, async ({
        expect,
      }) => {
        await using processes = await create({ command: shell("echo head >&3; echo body") });
        for (let round = 0; round < 30; round++) {
          const recorded = startRecorded(processes, { holdOutput, controlDescriptor: true });
          await recorded.gone();
          expect(withoutInput(recorded.events)).toEqual(ORDER);
          expect([recorded.controlOutput, recorded.output]).toEqual(["head\n", "body\n"]);
        }
      });

      test(`arrives before the outcome of a process that says nothing else, held: ${holdOutput}`, async ({
        expect,
      }) => {
        await using processes = await create({ command: shell("echo head >&3; exit 3") });
        for (let round = 0; round < 30; round++) {
          const recorded = startRecorded(processes, { holdOutput, controlDescriptor: true });
          expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 3 });
          expect(recorded.controlOutput).toBe("head\n");
          await recorded.gone();
        }
      });
    }

    test("arrives while the process runs on", async ({ expect }) => {
      await using processes = await create({ command: shell("echo head >&3; sleep 60") });
      const recorded = startRecorded(processes, { controlDescriptor: true });
      await until("it arrives", () => recorded.controlOutput === "head\n");
      recorded.run.terminate("aborted");
      await recorded.gone();
      expect(withoutInput(recorded.events)).toEqual(ORDER.filter((each) => each !== "output"));
    });

    test("arrives whole in front of an output of any size", async ({ expect }) => {
      const command = shell("head -c 60000 /dev/zero >&3; head -c 3000000 /dev/zero");
      await using processes = await create({ command });
      const recorded = startRecorded(processes, { controlDescriptor: true });
      await recorded.gone();
      expect(withoutInput(recorded.events)).toEqual(ORDER);
      expect([recorded.controlOutput.length, recorded.outputBytes]).toEqual([60_000, 3_000_000]);
    });

    test("keeps no outcome back when something that is left holds it", async ({ expect }) => {
      const command = shell("echo head >&3; echo body; sleep 300 </dev/null >/dev/null 2>&1 &");
      await using processes = await create({ command });
      const recorded = startRecorded(processes, { controlDescriptor: true });
      expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 0 });
      expect([recorded.controlOutput, recorded.output]).toEqual(["head\n", "body\n"]);
      await recorded.gone();
    });

    test("is not there where nobody asked for it", async ({ expect }) => {
      await using processes = await create({ command: shell("echo head >&3 || echo none") });
      const recorded = startRecorded(processes);
      await recorded.gone();
      expect(recorded.output).toBe("none\n");
    });
  });

  test("output that is held briefly arrives while the process runs on", async ({ expect }) => {
    await using processes = await create({ command: shell("echo body; sleep 60") });
    const recorded = startRecorded(processes, { holdOutput: "briefly" });
    await until("it arrives", () => recorded.output === "body\n");
    expect(recorded.decidedOutcome).toBeUndefined();
    recorded.run.terminate("aborted");
    await recorded.gone();
  });
}
