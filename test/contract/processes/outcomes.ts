import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { startRecorded } from "../../support/recorded-run.ts";
import { type Subject, shell } from "./subject.ts";

const { errno } = constants;

/** How a process ends is a value, and a process that never was is one too. */
export function describeOutcomes({ create, lacks }: Subject): void {
  describe("outcomes", () => {
    for (const exitCode of [0, 3, 255]) {
      test(`a process that exits with ${exitCode} has that outcome, and nothing is left`, async ({
        expect,
      }) => {
        await using processes = await create({ command: shell(`exit ${exitCode}`) });
        const recorded = startRecorded(processes);
        expect(await recorded.outcome).toEqual({ kind: "exited", exitCode });
        await recorded.gone();
        expect(recorded.events.slice(-2)).toEqual(["outcome", "gone"]);
      });
    }

    for (const signal of ["SIGKILL", "SIGTERM", "SIGSEGV", "SIGXCPU"] as const) {
      test(`a process that dies of ${signal} has that outcome`, async ({ expect }) => {
        const command = shell(`ulimit -c 0; kill -${signal.slice(3)} $$`);
        await using processes = await create({ command });
        const recorded = startRecorded(processes);
        const expected = { kind: "signaled", signal: constants.signals[signal], coreDumped: false };
        expect(await recorded.outcome).toEqual(expected);
        await recorded.gone();
      });
    }

    const failures = [
      ["a name that is nowhere in PATH", ["no-such-program-anywhere"], errno.ENOENT],
      ["a path that is not there", ["/no/such/program"], errno.ENOENT],
      ["a file that may not be executed", ["/etc/passwd"], errno.EACCES],
      ["a folder", ["/etc"], errno.EACCES],
    ] as const;
    for (const [what, command, expected] of failures) {
      test(`${what} is a failed start with the system's reason`, async ({ expect }) => {
        await using processes = await create({ command });
        const recorded = startRecorded(processes);
        expect(await recorded.outcome).toEqual({ kind: "spawnFailed", errno: expected });
        await recorded.gone();
      });
    }

    test.skipIf(lacks.includes("execFormatError"))(
      "a file that is no program is a failed start with ENOEXEC",
      async ({ expect }) => {
        const folder = mkdtempSync(join(tmpdir(), "breeze-test-"));
        const file = join(folder, "no-program");
        writeFileSync(file, "no program at all\n");
        chmodSync(file, 0o755);
        await using processes = await create({ command: [file] });
        const recorded = startRecorded(processes);
        expect(await recorded.outcome).toEqual({ kind: "spawnFailed", errno: errno.ENOEXEC });
        await recorded.gone();
        rmSync(folder, { recursive: true });
      },
    );

    test("a variable longer than the system takes is E2BIG, and the next run is as ever", async ({
      expect,
    }) => {
      await using processes = await create({ command: ["true"] });
      const tooLong = startRecorded(processes, { environment: `LONG=${"x".repeat(200_000)}\0` });
      expect(await tooLong.outcome).toEqual({ kind: "spawnFailed", errno: errno.E2BIG });
      await tooLong.gone();
      const next = startRecorded(processes);
      expect(await next.outcome).toEqual({ kind: "exited", exitCode: 0 });
    });

    test("more environment than any request can carry is E2BIG, and the next run is as ever", async ({
      expect,
    }) => {
      await using processes = await create({ command: ["true"] });
      const variables = Array.from({ length: 40 }, (_, i) => `LONG${i}=${"x".repeat(99_990)}\0`);
      const tooMuch = startRecorded(processes, { environment: variables.join("") });
      expect(await tooMuch.outcome).toEqual({ kind: "spawnFailed", errno: errno.E2BIG });
      await tooMuch.gone();
      const next = startRecorded(processes);
      expect(await next.outcome).toEqual({ kind: "exited", exitCode: 0 });
    });

    test("input for a process that never was is swallowed", async ({ expect }) => {
      await using processes = await create({ command: ["/no/such/program"] });
      const recorded = startRecorded(processes, { body: undefined });
      recorded.run.write(Buffer.alloc(100_000));
      recorded.run.endInput();
      expect(await recorded.outcome).toEqual({ kind: "spawnFailed", errno: errno.ENOENT });
      await recorded.gone();
    });

    test.skipIf(lacks.includes("bill"))(
      "the bill has the pid, the time and the true peak memory of this process",
      async ({ expect }) => {
        const script = "echo $$; i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done";
        await using processes = await create({ command: shell(script) });
        const recorded = startRecorded(processes);
        const bill = await recorded.gone();
        expect(bill.pid).toBe(Number(recorded.output));
        expect(bill.userMicros).toBeGreaterThan(1000);
        expect(bill.wallMicros).toBeGreaterThanOrEqual(bill.userMicros * 0.9);
        expect(bill.maxRssKiB).toBeGreaterThan(200);
        expect(bill.maxRssKiB).toBeLessThan(8 * 1024);
      },
    );
  });
}
