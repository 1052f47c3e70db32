import { createHash, randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { describe, test } from "vitest";
import { type RecordedRun, startRecorded } from "../../support/recorded-run.ts";
import { until } from "../../support/until.ts";
import { type Subject, shell } from "./subject.ts";

const MEBIBYTE = 1024 * 1024;

const countDescriptors = (): number => readdirSync("/proc/self/fd").length;

/** Much at once, much in one, much one after another. */
export function describeLoad({ create, mixedRuns }: Subject): void {
  describe("load", () => {
    test("200 MiB through cat arrive whole, and memory does not grow with them", async ({
      expect,
    }) => {
      await using processes = await create();
      const recorded = startRecorded(processes, { body: undefined });
      const chunk = randomBytes(MEBIBYTE);
      const hash = createHash("sha256");
      let peak = 0;
      for (let written = 0; written < 200; written++) {
        hash.update(chunk);
        await recorded.write(Buffer.from(chunk));
        peak = Math.max(peak, recordedBehind(recorded, (written + 1) * MEBIBYTE));
      }
      recorded.run.endInput();
      expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 0 });
      expect(recorded.outputBytes).toBe(200 * MEBIBYTE);
      expect(recorded.outputHash()).toBe(hash.digest("hex"));
      expect(peak).toBeLessThan(8 * MEBIBYTE);
      await recorded.gone();
    }, 60_000);

    test("a reader that stops stops the writer too", async ({ expect }) => {
      await using processes = await create();
      const recorded = startRecorded(processes, { body: undefined });
      recorded.run.pauseOutput();
      let accepted = 0;
      const writing = (async () => {
        while (accepted < 50 * MEBIBYTE) {
          await recorded.write(Buffer.alloc(65536));
          accepted += 65536;
        }
        recorded.run.endInput();
      })();
      await untilStill(() => accepted);
      expect(accepted).toBeLessThan(8 * MEBIBYTE);
      expect(recorded.outputBytes).toBe(0);
      recorded.run.resumeOutput();
      await writing;
      await recorded.gone();
      expect(recorded.outputBytes).toBe(accepted);
    }, 60_000);

    test("300 streams at once keep their bytes apart", async ({ expect }) => {
      await using processes = await create();
      const streams = Array.from({ length: 300 }, () => {
        const bytes = randomBytes(200_000);
        return { bytes, recorded: startRecorded(processes, { body: undefined }) };
      });
      await Promise.all(
        streams.map(async ({ bytes, recorded }) => {
          for (let offset = 0; offset < bytes.length; offset += 30_000) {
            await recorded.write(bytes.subarray(offset, offset + 30_000));
          }
          recorded.run.endInput();
          expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 0 });
          expect(recorded.outputHash()).toBe(createHash("sha256").update(bytes).digest("hex"));
          await recorded.gone();
        }),
      );
    }, 60_000);

    test(`after ${mixedRuns} mixed runs as many descriptors are open as before`, async ({
      expect,
    }) => {
      const script =
        "case $KIND in exits) exit 3;; dies) kill -KILL $$;; hangs) sleep 60;; cat) cat;; esac";
      await using processes = await create({ command: shell(script), termGraceMs: 50 });
      const rounds = async (count: number) => {
        for (let round = 0; round < count; round++) {
          await Promise.all(startTenWays(processes));
        }
      };
      await rounds(3);
      const before = countDescriptors();
      await rounds(mixedRuns / 10);
      await until("as many descriptors as before", () => countDescriptors() <= before);
      expect(countDescriptors()).toBeLessThanOrEqual(before);
    }, 120_000);
  });
}

/** Ten runs that end in ten ways. */
function startTenWays(processes: Parameters<typeof startRecorded>[0]): Promise<unknown>[] {
  const start = (kind: string, options = {}, react = {}) =>
    startRecorded(processes, { environment: `KIND=${kind}\0`, ...options }, react);
  const [streamed, leaving, early] = [1, 2, 3].map(() => start("cat", { body: undefined })) as [
    RecordedRun,
    RecordedRun,
    RecordedRun,
  ];
  streamed.run.write(Buffer.alloc(100_000));
  streamed.run.endInput();
  leaving.run.write(Buffer.alloc(100_000));
  setTimeout(() => leaving.run.terminate("aborted"), 5);
  early.run.terminate("aborted");
  return [
    streamed,
    leaving,
    early,
    start("exits"),
    start("dies"),
    start("hangs", { deadlineMs: 20 }),
    start("hangs", { body: undefined, deadlineMs: 20 }),
    start("cat", { body: Buffer.from("small"), holdOutput: true }),
    start("cat", { body: Buffer.alloc(65536), holdOutput: true }),
    start("exits", { environment: `LONG=${"x".repeat(140_000)}\0` }),
  ].map((recorded) => recorded.gone());
}

const recordedBehind = (recorded: RecordedRun, written: number): number =>
  written - recorded.outputBytes;

/** Waits until a number has stood still for a while. */
async function untilStill(read: () => number): Promise<void> {
  let last = -1;
  await until("it stands still", async () => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const isStill = read() === last;
    last = read();
    return isStill;
  });
}
