import { DatabaseSync } from "node:sqlite";
import { describe, onTestFinished, test, vi } from "vitest";
import type { Attempt } from "../../../../src/gateway/queue/run-invocation.ts";
import { until } from "../../../support/until.ts";
import { createHolding, isEmpty, openQueue, run } from "./run-queue.ts";
import { submissionOf } from "./submission.ts";

describe("what runs queued invocations", () => {
  test("keeps the lease of what takes longer than a lease", async ({ expect }) => {
    const { queue } = await openQueue();
    const { invoke, begun, letGo } = createHolding();
    run(queue, invoke, { leaseMs: 150 });
    await queue.enqueue(submissionOf("a"));
    await until("it runs", () => begun.length === 1);
    const end = Date.now() + 1_000;
    await until("several leases are over", () => Date.now() > end);
    letGo();
    await until("it is done", () => isEmpty(queue));
    expect([begun, (await queue.find("a"))?.attempt]).toEqual([["a"], 1]);
  });

  test("renews what it runs before it claims, when the machine has slept longer than a lease", async ({
    expect,
  }) => {
    const { file, queue } = await openQueue();
    const { invoke, begun, letGo } = createHolding();
    run(queue, invoke, { leaseMs: 60_000 });
    await queue.enqueue(submissionOf("a"));
    await until("it runs", () => begun.length === 1);
    const now = Date.now;
    vi.spyOn(Date, "now").mockImplementation(() => now() + 120_000);
    onTestFinished(() => void vi.restoreAllMocks());
    const database = new DatabaseSync(file, { timeout: 5_000 });
    database.exec("UPDATE invocations SET due_at = due_at - 120000");
    database.close();
    await queue.enqueue(submissionOf("b"));
    await until("the next one runs", () => begun.length === 2);
    letGo();
    await until("all is done", () => isEmpty(queue));
    expect(begun).toEqual(["a", "b"]);
  });

  test("aborts what somebody else has taken over, and writes nothing of it", async ({ expect }) => {
    const { file, queue } = await openQueue();
    const { invoke, begun } = createHolding();
    let reason = "";
    const watched = async (attempt: Attempt, signal: AbortSignal) => {
      signal.addEventListener("abort", () => {
        reason = signal.reason.message;
      });
      return invoke(attempt, signal);
    };
    run(queue, watched, { leaseMs: 300 });
    await queue.enqueue(submissionOf("a"));
    await until("it runs", () => begun.length === 1);
    const database = new DatabaseSync(file, { timeout: 5_000 });
    database.exec("UPDATE invocations SET fence = fence + 1, due_at = due_at + 60000");
    database.close();
    await until("it is aborted", () => reason === "its lease was lost");
    expect(await queue.find("a")).toMatchObject({ state: "running", reason: undefined });
  });
});
