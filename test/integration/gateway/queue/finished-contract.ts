import { describe, test } from "vitest";
import type { Queue } from "../../../../src/gateway/queue/queue.ts";
import { claimOne, LEASE_MS, retry } from "./claim-one.ts";
import { answerOf, ECHO, ECHO_LINE, submissionOf } from "./submission.ts";

const HOOK = "https://hooks.example.com/a";

/** What every queue must do with what has finished: answers, dead letters, callbacks. */
export function describeFinished(name: string, open: () => Promise<Queue>): void {
  describe(name, () => {
    test("keeps the answer of what has completed, and forgets the request", async ({ expect }) => {
      await using queue = await open();
      await queue.enqueue(submissionOf("a"));
      const { lease } = await claimOne(queue);
      expect(await queue.find("a")).toMatchObject({ state: "running", attempt: 1 });
      expect(await queue.answer("a")).toBeUndefined();
      await queue.settle(lease, { kind: "completed", answer: answerOf(201, "hello") });
      expect(await queue.find("a")).toMatchObject({
        callId: "a",
        function: ECHO,
        state: "completed",
        status: 201,
        durationMs: 1.5,
        callback: "none",
      });
      const answer = await queue.answer("a");
      expect(answer).toMatchObject({ status: 201, headers: ["Content-Type", "text/plain"] });
      expect(Buffer.from(answer?.body ?? []).toString()).toBe("hello");
      expect([await queue.find("b"), await queue.answer("b")]).toEqual([undefined, undefined]);
    });

    test("lists dead letters, newest first, and forgets them only when told to", async ({
      expect,
    }) => {
      await using queue = await open();
      for (const callId of ["a", "b", "c"]) {
        await queue.enqueue(submissionOf(callId));
        const { lease } = await claimOne(queue);
        await queue.settle(lease, { kind: "dead", reason: "ill", answer: answerOf(500, "no") });
      }
      const ids = async (limit: number, before?: string) =>
        (await queue.deadLetters(limit, before)).map(({ callId }) => callId);
      expect([await ids(2), await ids(2, "b")]).toEqual([["c", "b"], ["a"]]);
      const [letter] = await queue.deadLetters(1);
      expect(letter).toMatchObject({ state: "dead", reason: "ill", status: 500 });
      expect(await queue.discard(["b", "b", "unknown"])).toBe(1);
      expect([await ids(9), await queue.find("b")]).toEqual([["c", "a"], undefined]);
      expect([await queue.discard("all"), await ids(9)]).toEqual([2, []]);
    });

    test("has a redriven dead letter run with its request, its call id and its next attempt number", async ({
      expect,
    }) => {
      await using queue = await open();
      for (const callId of ["a", "b"]) {
        await queue.enqueue(submissionOf(callId));
        const { lease } = await claimOne(queue);
        await queue.settle(lease, { kind: "dead", reason: "ill", answer: undefined });
      }
      expect(await queue.redrive(["a", "unknown"])).toBe(1);
      const claim = await claimOne(queue);
      expect(claim).toMatchObject({ callId: "a", attempt: 2, tries: 1 });
      expect(Buffer.from(claim.request.body).toString()).toBe("body of a");
      await queue.settle(claim.lease, { kind: "completed", answer: answerOf(200) });
      expect([await queue.redrive(["a"]), await queue.redrive("all")]).toEqual([0, 1]);
      expect((await claimOne(queue)).callId).toBe("b");
    });

    test("delivers the answer, or the failure, of what names a callback", async ({ expect }) => {
      await using queue = await open();
      for (const callId of ["a", "b"]) {
        await queue.enqueue(submissionOf(callId, { callbackUrl: HOOK }));
      }
      expect(await queue.find("a")).toMatchObject({ callback: "waiting" });
      const [a, b] = await queue.claim(ECHO_LINE, 2, LEASE_MS);
      await queue.settle(a?.lease ?? "", { kind: "completed", answer: answerOf(200, "hi") });
      await queue.settle(b?.lease ?? "", { kind: "dead", reason: "ill", answer: undefined });
      expect((await queue.due("callback")).lines).toEqual(["hooks.example.com"]);
      expect((await queue.due("invocation")).lines).toEqual([]);
      const [one, two] = await queue.claimCallbacks("hooks.example.com", 9, LEASE_MS);
      expect(one).toMatchObject({ callId: "a", url: HOOK, attempt: 1, answer: { status: 200 } });
      expect(two).toMatchObject({ callId: "b", answer: { status: 503 } });
      await queue.settle(one?.lease ?? "", { kind: "completed", answer: undefined });
      await queue.settle(two?.lease ?? "", retry(0));
      expect(await queue.find("a")).toMatchObject({ state: "completed", callback: "delivered" });
      expect(await queue.find("b")).toMatchObject({ state: "dead", callback: "pending" });
      const [again] = await queue.claimCallbacks("hooks.example.com", 9, LEASE_MS);
      expect(again).toMatchObject({ callId: "b", attempt: 2, tries: 2 });
      await queue.settle(again?.lease ?? "", { kind: "dead", reason: "gone", answer: undefined });
      expect(await queue.find("b")).toMatchObject({ callback: "failed", callbackReason: "gone" });
      expect(Buffer.from((await queue.answer("a"))?.body ?? []).toString()).toBe("hi");
    });

    test("takes a callback under way away from a dead letter that is redriven", async ({
      expect,
    }) => {
      await using queue = await open();
      await queue.enqueue(submissionOf("a", { callbackUrl: HOOK }));
      const { lease } = await claimOne(queue);
      await queue.settle(lease, { kind: "dead", reason: "ill", answer: undefined });
      const [callback] = await queue.claimCallbacks("hooks.example.com", 1, LEASE_MS);
      await queue.redrive("all");
      const done = { kind: "completed", answer: undefined } as const;
      expect(await queue.settle(callback?.lease ?? "", done)).toBe(false);
      expect(await queue.find("a")).toMatchObject({ state: "queued", callback: "waiting" });
    });
  });
}
