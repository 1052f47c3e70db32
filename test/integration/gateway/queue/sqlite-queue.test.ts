import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, onTestFinished, test } from "vitest";
import { openSqliteQueue } from "../../../../src/gateway/queue/sqlite/sqlite-queue.ts";
import { claimOne, LEASE_MS } from "./claim-one.ts";
import { describeFinished } from "./finished-contract.ts";
import { newQueueFile } from "./new-queue-file.ts";
import { describeQueue } from "./queue-contract.ts";
import { answerOf, ECHO_LINE, submissionOf } from "./submission.ts";

const open = () => openSqliteQueue({ file: newQueueFile() });

describeQueue("a queue in SQLite", open);
describeFinished("a queue in SQLite", open);

describe("a queue in SQLite", () => {
  test("has what it accepted when it is opened again", async ({ expect }) => {
    const file = newQueueFile();
    {
      await using queue = await openSqliteQueue({ file });
      await queue.enqueue(submissionOf("a"));
    }
    await using queue = await openSqliteQueue({ file });
    expect((await queue.claim(ECHO_LINE, 9, 1_000)).map(({ callId }) => callId)).toEqual(["a"]);
  });

  test("T43: has what was leased free at once, and first, for whoever knows that nobody has it any more", async ({
    expect,
  }) => {
    const file = newQueueFile();
    {
      await using queue = await openSqliteQueue({ file });
      for (const callId of ["a", "b"]) await queue.enqueue(submissionOf(callId));
      expect((await claimOne(queue)).callId).toBe("a");
    }
    {
      await using queue = await openSqliteQueue({ file });
      expect((await queue.claim(ECHO_LINE, 9, 1)).map(({ callId }) => callId)).toEqual(["b"]);
    }
    await using queue = await openSqliteQueue({ file, endsLeases: true });
    const claims = await queue.claim(ECHO_LINE, 9, LEASE_MS);
    expect(claims).toMatchObject([
      { callId: "a", attempt: 2, tries: 2 },
      { callId: "b", attempt: 2, tries: 2 },
    ]);
  });

  test("shares a commit among all that came together: fewer pages than invocations are written", async ({
    expect,
  }) => {
    const file = newQueueFile();
    await using queue = await openSqliteQueue({ file });
    const reader = new DatabaseSync(file, { readOnly: true });
    onTestFinished(() => reader.close());
    // As long as somebody reads an old state the log only grows.
    reader.exec("BEGIN; SELECT COUNT(*) FROM invocations");
    const accepted = await Promise.all(
      Array.from({ length: 5_000 }, (_, index) => queue.enqueue(submissionOf(`${index}`))),
    );
    expect(accepted.filter(Boolean)).toHaveLength(5_000);
    expect(statSync(`${file}-wal`).size).toBeLessThan(5_000 * 4096);
  });

  test("takes and gives bodies of tens of megabytes while the event loop goes on", async ({
    expect,
  }) => {
    await using queue = await openSqliteQueue({ file: newQueueFile() });
    const bodies = Array.from({ length: 4 }, () => randomBytes(32 * 1024 * 1024));
    const first = Buffer.from((bodies[0] as Buffer).subarray(0, 1024));
    const { request } = submissionOf("");
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    const begun = performance.now();
    await Promise.all(
      bodies.map((body, index) =>
        queue.enqueue(submissionOf(`${index}`, { request: { ...request, body } })),
      ),
    );
    clearInterval(counting);
    const tookMs = performance.now() - begun;
    // Had each commit held it, there would be hardly more turns than commits.
    expect({ turns, tookMs, isAlive: turns > 20 }).toMatchObject({ isAlive: true });
    const [claim] = await queue.claim(ECHO_LINE, 1, 60_000);
    expect(claim?.request.body.byteLength).toBe(32 * 1024 * 1024);
    expect(first.equals(Buffer.from(claim?.request.body ?? []).subarray(0, 1024))).toBe(true);
  });

  test("leaves the others of a batch alone when one cannot be stored", async ({ expect }) => {
    await using queue = await openSqliteQueue({ file: newQueueFile() });
    const bad = submissionOf("bad", { function: { name: "x", namespace: undefined as never } });
    const results = await Promise.allSettled([
      queue.enqueue(submissionOf("a")),
      queue.enqueue(bad),
      queue.enqueue(submissionOf("b")),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((await queue.stats()).depth).toBe(2);
  });

  test("rejects whoever hands over a body twice, and goes on", async ({ expect }) => {
    await using queue = await openSqliteQueue({ file: newQueueFile() });
    const body = Buffer.from(new ArrayBuffer(1024 * 1024));
    const { request } = submissionOf("");
    await queue.enqueue(submissionOf("a", { request: { ...request, body } }));
    const again = queue.enqueue(submissionOf("b", { request: { ...request, body } }));
    await expect(again).rejects.toMatchObject({ code: "failed" });
    expect(await queue.enqueue(submissionOf("c"))).toBe(true);
  });

  test("keeps as many answers as it may, the newest", async ({ expect }) => {
    await using queue = await openSqliteQueue({ file: newQueueFile(), keptCount: 3 });
    for (let index = 0; index < 10; index++) {
      await queue.enqueue(submissionOf(`${index}`));
      const [claim] = await queue.claim(ECHO_LINE, 1, 60_000);
      await queue.settle(claim?.lease ?? "", { kind: "completed", answer: answerOf(200) });
    }
    const found = await Promise.all([..."0123456789"].map((callId) => queue.find(callId)));
    expect(found.map((record) => record?.callId).filter(Boolean)).toEqual(["7", "8", "9"]);
  });

  test("keeps as many bytes of answers as it may", async ({ expect }) => {
    await using queue = await openSqliteQueue({ file: newQueueFile(), keptBytes: 2_500 });
    for (const callId of ["a", "b", "c"]) {
      await queue.enqueue(submissionOf(callId));
      const [claim] = await queue.claim(ECHO_LINE, 1, 60_000);
      const answer = answerOf(200, "x".repeat(1_000));
      await queue.settle(claim?.lease ?? "", { kind: "completed", answer });
    }
    expect([await queue.answer("a"), (await queue.answer("c"))?.status]).toEqual([undefined, 200]);
  });

  test("forgets at its start what is too old, and never a dead letter or what still waits", async ({
    expect,
  }) => {
    const file = newQueueFile();
    {
      await using queue = await openSqliteQueue({ file });
      for (const callId of ["old", "dead", "waits"]) await queue.enqueue(submissionOf(callId));
      const [old, dead] = await queue.claim(ECHO_LINE, 2, 60_000);
      await queue.settle(old?.lease ?? "", { kind: "completed", answer: answerOf(200) });
      await queue.settle(dead?.lease ?? "", { kind: "dead", reason: "ill", answer: undefined });
    }
    const database = new DatabaseSync(file);
    database.exec("UPDATE invocations SET finished_at = finished_at - 25 * 3600 * 1000");
    database.close();
    await using queue = await openSqliteQueue({ file });
    const states = ["old", "dead", "waits"].map(async (id) => (await queue.find(id))?.state);
    expect(await Promise.all(states)).toEqual([undefined, "dead", "queued"]);
  });
});
