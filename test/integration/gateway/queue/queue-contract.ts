import { setTimeout as delay } from "node:timers/promises";
import { describe, test } from "vitest";
import type { Queue } from "../../../../src/gateway/queue/queue.ts";
import { until } from "../../../support/until.ts";
import { claimOne, LEASE_MS, retry } from "./claim-one.ts";
import { answerOf, ECHO, ECHO_LINE, submissionOf } from "./submission.ts";

const OTHER = { name: "other", namespace: "openfaas-fn" };

/** What every queue must do with what is not finished, whatever it keeps it in. */
export function describeQueue(name: string, open: () => Promise<Queue>): void {
  describe(name, () => {
    test("gives what was enqueued to whoever claims it, byte for byte", async ({ expect }) => {
      await using queue = await open();
      const body = new Uint8Array(256).map((_, index) => index);
      const { request } = submissionOf("a");
      await queue.enqueue(submissionOf("a", { request: { ...request, body } }));
      const [claim] = await queue.claim(ECHO_LINE, 10, LEASE_MS);
      expect(claim).toMatchObject({ callId: "a", function: ECHO, attempt: 1, tries: 1 });
      const { body: claimed, ...head } = claim?.request ?? submissionOf("").request;
      expect(head).toEqual({ method: "POST", path: "/a", query: "b=c", headers: ["X-A", "\xe9"] });
      expect([...claimed]).toEqual([...new Uint8Array(256).keys()]);
      expect(await queue.claim(ECHO_LINE, 10, LEASE_MS)).toEqual([]);
    });

    test("gives the oldest first, and no more than were asked for", async ({ expect }) => {
      await using queue = await open();
      for (const callId of ["a", "b", "c"]) await queue.enqueue(submissionOf(callId));
      const ids = async (limit: number) =>
        (await queue.claim(ECHO_LINE, limit, LEASE_MS)).map(({ callId }) => callId);
      expect([await ids(2), await ids(2)]).toEqual([["a", "b"], ["c"]]);
    });

    test("stores no second invocation of a call id", async ({ expect }) => {
      await using queue = await open();
      expect(await queue.enqueue(submissionOf("a"))).toBe(true);
      expect(await queue.enqueue(submissionOf("a", { function: OTHER }))).toBe(false);
      await queue.settle((await claimOne(queue)).lease, { kind: "completed", answer: undefined });
      expect(await queue.enqueue(submissionOf("a"))).toBe(false);
      expect((await queue.stats()).depth).toBe(0);
    });

    test("names the lines with something due, and when more will be", async ({ expect }) => {
      await using queue = await open();
      await queue.enqueue(submissionOf("a"));
      await queue.enqueue(submissionOf("b", { function: OTHER, delayMs: 50_000 }));
      const { lines, nextMs = 0 } = await queue.due("invocation");
      expect(lines).toEqual([ECHO_LINE]);
      expect(nextMs).toBeLessThanOrEqual(50_000);
      expect((await queue.due("callback")).lines).toEqual([]);
    });

    test("keeps what is delayed until it is due", async ({ expect }) => {
      await using queue = await open();
      const begun = Date.now();
      await queue.enqueue(submissionOf("a", { delayMs: 300 }));
      expect(await queue.find("a")).toMatchObject({ state: "delayed", attempt: 0 });
      expect((await claimOne(queue)).callId).toBe("a");
      expect(Date.now() - begun).toBeGreaterThanOrEqual(300);
    });

    test("T44: gives what was not settled in time to the next one, with the next attempt number", async ({
      expect,
    }) => {
      await using queue = await open();
      await queue.enqueue(submissionOf("a"));
      const first = await claimOne(queue, 1);
      const second = await claimOne(queue);
      expect([first.attempt, second.attempt]).toEqual([1, 2]);
      expect(second.request).toEqual(first.request);
      const late = { kind: "completed", answer: answerOf(200, "late") } as const;
      expect(await queue.settle(first.lease, late)).toBe(false);
      expect(await queue.settle(second.lease, late)).toBe(true);
      expect(await queue.settle(second.lease, late)).toBe(false);
    });

    test("takes what comes late of somebody whom nobody has replaced", async ({ expect }) => {
      await using queue = await open();
      await queue.enqueue(submissionOf("a"));
      const { lease } = await claimOne(queue, 1);
      await until("it ran out", async () => (await queue.find("a"))?.state === "queued");
      expect(await queue.settle(lease, { kind: "completed", answer: undefined })).toBe(true);
    });

    test("keeps a renewed lease, and says which were lost", async ({ expect }) => {
      await using queue = await open();
      await queue.enqueue(submissionOf("a"));
      await queue.enqueue(submissionOf("b"));
      const kept = await claimOne(queue, 400);
      const lost = await claimOne(queue, 1);
      expect(await queue.renew([kept.lease], LEASE_MS)).toEqual([]);
      const taken = await claimOne(queue);
      expect(taken.callId).toBe(lost.callId);
      await delay(450);
      expect(await queue.claim(ECHO_LINE, 10, LEASE_MS)).toEqual([]);
      expect(await queue.renew([kept.lease, lost.lease], LEASE_MS)).toEqual([lost.lease]);
    });

    test("gives back at once what is not counted, and later what failed", async ({ expect }) => {
      await using queue = await open();
      await queue.enqueue(submissionOf("a"));
      await queue.settle((await claimOne(queue)).lease, retry(0, false));
      const second = await claimOne(queue);
      expect([second.attempt, second.tries]).toEqual([2, 1]);
      await queue.settle(second.lease, retry(200));
      expect(await queue.find("a")).toMatchObject({ state: "delayed", reason: "it was ill" });
      const third = await claimOne(queue);
      expect([third.attempt, third.tries]).toEqual([3, 2]);
    });

    test("says how much there is, whose, and since when", async ({ expect }) => {
      await using queue = await open();
      const none = { depth: 0, running: 0, oldestMs: 0, deadLetters: 0, callbacks: 0, depths: [] };
      expect(await queue.stats()).toEqual(none);
      await queue.enqueue(submissionOf("a"));
      await queue.enqueue(submissionOf("b"));
      await queue.enqueue(submissionOf("c", { function: OTHER, delayMs: 50_000 }));
      await claimOne(queue);
      const stats = await queue.stats();
      expect(stats).toMatchObject({ depth: 3, running: 1, deadLetters: 0, callbacks: 0 });
      expect(stats.depths).toEqual([
        { ...ECHO, depth: 2 },
        { ...OTHER, depth: 1 },
      ]);
      await until("it ages", async () => (await queue.stats()).oldestMs > stats.oldestMs);
    });

    test("tells whoever watches that something may be due, until they stop", async ({ expect }) => {
      await using queue = await open();
      let times = 0;
      const stop = queue.watch(() => times++);
      await queue.enqueue(submissionOf("a"));
      expect(times).toBeGreaterThan(0);
      stop();
      times = 0;
      await queue.enqueue(submissionOf("b"));
      expect(times).toBe(0);
    });

    test("finishes what is under way when it is closed, and refuses what comes later", async ({
      expect,
    }) => {
      const queue = await open();
      const accepted = Promise.all(
        Array.from({ length: 50 }, (_, index) => queue.enqueue(submissionOf(`${index}`))),
      );
      await Promise.all([queue.close(), queue.close()]);
      expect(new Set(await accepted)).toEqual(new Set([true]));
      await expect(queue.enqueue(submissionOf("late"))).rejects.toMatchObject({
        name: "QueueError",
        code: "closed",
      });
    });
  });
}
