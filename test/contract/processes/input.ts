import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { type RecordedRun, startRecorded } from "../../support/recorded-run.ts";
import { until } from "../../support/until.ts";
import { type Subject, shell } from "./subject.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Sizes around a page, the largest body that travels whole, a pipe, and one that is far from all. */
const SIZES = [0, 1, 4095, 4096, 4097, 65535, 65536, 65537, 262145, 1048576, 5_000_011];

async function writeAll(recorded: RecordedRun, bytes: Uint8Array, step: number): Promise<void> {
  for (let offset = 0; offset < bytes.length; offset += step) {
    if (!(await recorded.write(Buffer.from(bytes.subarray(offset, offset + step))))) {
      return;
    }
  }
  recorded.run.endInput();
}

/** What reaches the process on descriptor 0. */
export function describeInput({ create, lacks }: Subject): void {
  describe("input", () => {
    for (const holdOutput of [true, false]) {
      for (const size of SIZES) {
        test(`${size} bytes through cat come back the same, ${holdOutput ? "held" : "at once"}, streamed or whole`, async ({
          expect,
        }) => {
          await using processes = await create();
          const bytes = randomBytes(size);
          const streamed = startRecorded(processes, { body: undefined, holdOutput });
          await writeAll(streamed, bytes, 50_000);
          const runs = [streamed];
          if (size <= 65536) {
            runs.push(startRecorded(processes, { body: bytes, holdOutput }));
          }
          for (const run of runs) {
            expect(await run.outcome).toEqual({ kind: "exited", exitCode: 0 });
            expect(run.outputBytes).toBe(size);
            expect(run.outputHash()).toBe(sha256(bytes));
            await run.gone();
          }
        });
      }
    }

    test("the process sees the end of an input that is empty", async ({ expect }) => {
      await using processes = await create({ command: ["wc", "-c"] });
      const whole = startRecorded(processes);
      const streamed = startRecorded(processes, { body: undefined });
      streamed.run.endInput();
      await Promise.all([whole.gone(), streamed.gone()]);
      expect([whole.output.trim(), streamed.output.trim()]).toEqual(["0", "0"]);
    });

    test("a dialogue of single bytes is answered byte by byte", async ({ expect }) => {
      await using processes = await create();
      const recorded = startRecorded(processes, { body: undefined });
      for (let count = 1; count <= 100; count++) {
        await recorded.write(Buffer.from("x"));
        await until("the byte comes back", () => recorded.outputBytes === count);
      }
      recorded.run.endInput();
      expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 0 });
    });

    test("input that nobody reads is told as closed once the process has ended", async ({
      expect,
    }) => {
      await using processes = await create({ command: ["true"] });
      const recorded = startRecorded(processes, { body: undefined });
      await writeAll(recorded, Buffer.alloc(1_000_000), 100_000);
      expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 0 });
      expect(recorded.inputClosed).toBe(true);
      await recorded.gone();
    });

    test("a process that closes its input half way is heard at once, and goes on", async ({
      expect,
    }) => {
      const folder = mkdtempSync(join(tmpdir(), "breeze-test-"));
      const script = 'head -c 10; exec 0<&-; until [ -e "$1" ]; do sleep 0.02; done; echo done';
      await using processes = await create({ command: [...shell(script), "sh", `${folder}/go`] });
      const recorded = startRecorded(processes, { body: undefined });
      await writeAll(recorded, Buffer.alloc(3_000_000, "a"), 100_000);
      await until("the input is closed", () => recorded.inputClosed);
      writeFileSync(`${folder}/go`, "");
      expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 0 });
      expect(recorded.output).toBe("aaaaaaaaaadone\n");
      await recorded.gone();
      rmSync(folder, { recursive: true });
    });

    test("a whole body that the process does not read is no failure", async ({ expect }) => {
      await using processes = await create({ command: ["true"] });
      const recorded = startRecorded(processes, { body: Buffer.alloc(65536) });
      expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 0 });
      await recorded.gone();
    });

    test("an input that is not complete keeps the process waiting for its end", async ({
      expect,
    }) => {
      await using processes = await create({ command: ["wc", "-c"] });
      const recorded = startRecorded(processes, { body: undefined });
      await recorded.write(Buffer.from("12345"));
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(recorded.decidedOutcome).toBeUndefined();
      recorded.run.endInput();
      await recorded.gone();
      expect(recorded.output.trim()).toBe("5");
    });

    test("a client that leaves half way through the input never looks like its end", async ({
      expect,
    }) => {
      const command = shell("trap '' TERM; echo ready; cat >/dev/null; echo complete >&2; sleep 9");
      await using processes = await create({ command, termGraceMs: 300 });
      const recorded = startRecorded(processes, { body: undefined });
      await recorded.write(Buffer.from("half"));
      await until("it reads", () => recorded.output === "ready\n");
      recorded.run.terminate("aborted");
      recorded.run.endInput();
      await recorded.gone();
      expect(recorded.errorOutput).toBe("");
    });

    test.skipIf(lacks.includes("stdinByPath"))(
      "descriptors can be opened by path, /dev/stdin and /dev/stdout",
      async ({ expect }) => {
        await using processes = await create({
          command: shell("cat /dev/stdin | tee /dev/stdout"),
        });
        for (const body of [Buffer.from("twice "), undefined]) {
          const recorded = startRecorded(processes, { body });
          recorded.run.write(Buffer.from("twice "));
          recorded.run.endInput();
          await recorded.gone();
          expect(recorded.output).toBe("twice twice ");
        }
        await using tee = await create({ command: ["tee", "/dev/stdout"] });
        const recorded = startRecorded(tee, { body: Buffer.from("x") });
        await recorded.gone();
        expect(recorded.output).toBe("xx");
      },
    );
  });
}
