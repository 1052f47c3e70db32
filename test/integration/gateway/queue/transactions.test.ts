import { describe, onTestFinished, test } from "vitest";
import { openDatabase } from "../../../../src/gateway/queue/sqlite/schema.ts";
import { Store } from "../../../../src/gateway/queue/sqlite/store.ts";
import { Timeline } from "../../../../src/gateway/queue/sqlite/timeline.ts";
import { type Call, Transactions } from "../../../../src/gateway/queue/sqlite/transactions.ts";
import { newQueueFile } from "./new-queue-file.ts";
import { submissionOf } from "./submission.ts";

const GIB = 1024 ** 3;

function openTransactions(room = () => GIB) {
  const database = openDatabase(newQueueFile());
  onTestFinished(() => database.close());
  const limits = { keptMs: 60_000, keptCount: 100, keptBytes: 1_000_000 };
  const store = new Store(database, limits, { now: Date.now, room });
  return { database, transactions: new Transactions(database, store, new Timeline(database)) };
}

const enqueue = (callId: string, size = 10): Call => {
  const { request } = submissionOf(callId);
  const body = Buffer.alloc(size);
  return { name: "enqueue", args: [submissionOf(callId, { request: { ...request, body } })] };
};

const [NORMAL, FULL] = [1, 2];

describe("a transaction of the queue", () => {
  test("T43: is on the disk when it returns: a queue begins with commits that wait for it", ({
    expect,
  }) => {
    const { database } = openTransactions();
    const read = (pragma: string) => Object.values(database.prepare(pragma).get() ?? {});
    expect([read("PRAGMA synchronous"), read("PRAGMA journal_mode")]).toEqual([[2], ["wal"]]);
  });

  test("waits for the disk where somebody was told, or something may run, and not for an outcome alone", ({
    expect,
  }) => {
    const { database, transactions } = openTransactions();
    const level = () => database.prepare("PRAGMA synchronous").get()?.synchronous;
    const claim: Call = { name: "claim", args: ["openfaas-fn/echo", 1, 60_000] };
    transactions.run([enqueue("a")]);
    expect(level()).toBe(FULL);
    const [claimed] = transactions.run([claim]) as [{ value: [{ lease: string }] }];
    expect(level()).toBe(FULL);
    const outcome = { kind: "retry", delayMs: 0, reason: "", isCounted: true };
    const settle: Call = { name: "settle", args: [claimed.value[0].lease, outcome] };
    expect(transactions.run([settle])).toEqual([{ value: true }]);
    expect(level()).toBe(NORMAL);
    transactions.run([claim]);
    expect(level()).toBe(FULL);
  });

  test("refuses what the disk has no room for, keeps the rest, and goes on when there is room", ({
    expect,
  }) => {
    const { database, transactions } = openTransactions();
    database.exec("PRAGMA max_page_count = 60");
    const full = { failure: expect.stringMatching(/full/), isFull: true };
    const calls = [enqueue("a"), enqueue("large", 1_000_000), enqueue("b")];
    expect(transactions.run(calls)).toEqual([{ value: true }, full, { value: true }]);
    expect(transactions.run([{ name: "stats", args: [] }])).toMatchObject([
      { value: { depth: 2 } },
    ]);
    database.exec("PRAGMA max_page_count = 100000");
    expect(transactions.run([enqueue("large", 1_000_000)])).toEqual([{ value: true }]);
  });

  test("refuses newcomers as long as there is room yet for what was accepted, which runs to its end", ({
    expect,
  }) => {
    let room = GIB;
    const { transactions } = openTransactions(() => room);
    transactions.run([enqueue("a")]);
    room = 16 * 1024 * 1024;
    const refused = { failure: "the disk is full", isFull: true };
    const claim: Call = { name: "claim", args: ["openfaas-fn/echo", 1, 60_000] };
    const [late, claimed] = transactions.run([enqueue("b"), claim]);
    expect([late, claimed]).toMatchObject([refused, { value: [{ callId: "a" }] }]);
    const { lease } = (claimed as { value: { lease: string }[] }).value[0] as { lease: string };
    const outcome = { kind: "completed", answer: undefined };
    expect(transactions.run([{ name: "settle", args: [lease, outcome] }])).toEqual([
      { value: true },
    ]);
    room = GIB;
    expect(transactions.run([enqueue("b")])).toEqual([{ value: true }]);
  });
});
