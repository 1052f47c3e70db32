import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, onTestFinished, test } from "vitest";
import type { Queue } from "../../../../src/gateway/queue/queue.ts";
import { openSqliteQueue } from "../../../../src/gateway/queue/sqlite/sqlite-queue.ts";
import { DEFAULT_ASYNC_POLICY, startAsync } from "../../../../src/gateway/queue/start-async.ts";
import { fixture } from "../../../support/fixture.ts";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";
import { until } from "../../../support/until.ts";
import { answerOf, ECHO_LINE, submissionOf } from "./submission.ts";

interface Files {
  readonly file: string;
  readonly notes: string;
}

function newFiles(): Files {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  const notes = join(folder.path, "notes");
  for (const file of [notes, `${notes}.accepted`]) writeFileSync(file, "");
  return { file: join(folder.path, "queue.db"), notes };
}

function start({ file, notes }: Files, prefix: string, count: number, kind: string) {
  const args = [fixture("runs-queued-invocations.ts"), file, notes, prefix, `${count}`, kind];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  onTestFinished(() => kill(child));
  return child;
}

const linesOf = (file: string): string[] => readFileSync(file, "utf8").split("\n").slice(0, -1);

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
}

/** Each run by its call id: the attempt numbers, in order. */
function runsIn({ notes }: Files): ReadonlyMap<string, readonly number[]> {
  const runs = new Map<string, number[]>();
  for (const line of linesOf(notes)) {
    const [callId = "", attempt] = line.split(" ");
    runs.set(callId, [...(runs.get(callId) ?? []), Number(attempt)]);
  }
  return runs;
}

function runRest(queue: Queue, attempts = 100) {
  const asked: string[] = [];
  const running = startAsync({
    queue,
    invoke: async ({ callId, attempt }) => {
      asked.push(`${callId} ${attempt}`);
      return answerOf(200);
    },
    policyOf: () => ({ ...DEFAULT_ASYNC_POLICY, attempts }),
    callbacks: { isAllowed: () => false },
    onError: () => {},
    pollMs: 20,
  });
  return { asked, [Symbol.asyncDispose]: () => running.close(1_000) };
}

describe("a gateway that is killed with invocations queued", () => {
  test("T43: loses nothing that it accepted, killed four times in the middle of its work", async ({
    expect,
  }) => {
    const files = newFiles();
    const accepted = () => linesOf(`${files.notes}.accepted`);
    for (const round of [1, 2, 3, 4]) {
      const before = accepted().length;
      const child = start(files, `r${round}`, 100_000, "answers");
      const isBusy = () => accepted().length >= before + 300 * round;
      await until("it has accepted some", isBusy, 10_000);
      await kill(child);
    }
    await using queue = await openSqliteQueue({ file: files.file, keptCount: 1_000_000 });
    await using rest = runRest(queue);
    await until("all has run", async () => (await queue.stats()).depth === 0, 40_000);
    const callIds = accepted();
    const records = await Promise.all(callIds.map((callId) => queue.find(callId)));
    // An answer goes when it is one of the oldest of too many; then it has run, by the notes.
    const runs = runsIn(files);
    const asked = new Set(rest.asked.map((line) => line.split(" ")[0]));
    const lost = callIds.filter(
      (callId, index) =>
        (records[index] !== undefined && records[index].state !== "completed") ||
        !(runs.has(callId) || asked.has(callId)),
    );
    expect(lost).toEqual([]);
    for (const attempts of runs.values()) {
      expect(attempts).toEqual([...new Set(attempts)].sort((a, b) => a - b));
    }
  });

  test("T44: has what it was running run again, with an attempt number that says so", async ({
    expect,
  }) => {
    const files = newFiles();
    for (const [index, prefix] of ["a", "none", "none"].entries()) {
      const child = start(files, prefix, prefix === "a" ? 1 : 0, "hangs");
      await until("it runs", () => runsIn(files).get("a-0")?.length === index + 1, 20_000);
      await kill(child);
    }
    expect(runsIn(files).get("a-0")).toEqual([1, 2, 3]);
    await using queue = await openSqliteQueue({ file: files.file });
    await using rest = runRest(queue);
    await until("it has run", async () => (await queue.find("a-0"))?.state === "completed");
    expect(rest.asked).toEqual(["a-0 4"]);
  });

  test("T43: gives up what was begun as often as may be and never ended", async ({ expect }) => {
    await using queue = await openSqliteQueue({ file: newFiles().file });
    await queue.enqueue(submissionOf("a"));
    for (const attempt of [1, 2]) {
      await until("it is claimed", async () => {
        const [claim] = await queue.claim(ECHO_LINE, 1, 1);
        return claim?.attempt === attempt;
      });
    }
    await using rest = runRest(queue, 2);
    await until("it is given up", async () => (await queue.find("a"))?.state === "dead");
    expect(rest.asked).toEqual([]);
    expect((await queue.find("a"))?.reason).toMatch(/given up after 2 tries: the last did not end/);
  });
});
