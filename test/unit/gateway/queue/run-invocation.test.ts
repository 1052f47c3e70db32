import { describe, test } from "vitest";
import type { Answer } from "../../../../src/gateway/queue/queue.ts";
import {
  DEFAULT_RETRY_POLICY,
  type Invoke,
  runInvocation,
  UnkeepableAnswer,
} from "../../../../src/gateway/queue/run-invocation.ts";

const POLICY = { ...DEFAULT_RETRY_POLICY, attempts: 3 };
const answers =
  (status: number): Invoke =>
  async () =>
    answerOf(status);
const fails: Invoke = async () => {
  throw new Error("no replica");
};
const answerOf = (status: number): Answer => ({
  status,
  headers: [],
  body: new Uint8Array(0),
  durationMs: 0,
});

function run(invoke: Invoke, tries: number, signal = new AbortController().signal) {
  const request = { method: "GET", path: "", query: "", headers: [], body: new Uint8Array(0) };
  const id = { name: "echo", namespace: "openfaas-fn" };
  const claim = { lease: "", callId: "a", function: id, attempt: tries + 10, tries, request };
  return runInvocation(claim, POLICY, invoke, signal);
}

describe("a try of a queued invocation", () => {
  test.for([200, 204, 302, 400, 404, 501])("completes it with %i", async (status, { expect }) => {
    expect(await run(answers(status), 1)).toEqual({ kind: "completed", answer: answerOf(status) });
  });

  test.for([408, 429, 500, 502, 503, 504])(
    "that ends with %i is tried again, and kept as a dead letter when it was the last",
    async (status, { expect }) => {
      const reason = `the function answered ${status}`;
      expect(await run(answers(status), 2)).toMatchObject({ kind: "retry", reason });
      expect(await run(answers(status), 3)).toEqual({
        kind: "dead",
        reason: `given up after 3 tries: ${reason}`,
        answer: answerOf(status),
      });
    },
  );

  test("that gets no answer is tried again, and says why in the end", async ({ expect }) => {
    expect(await run(fails, 1)).toMatchObject({ kind: "retry", isCounted: true });
    expect(await run(fails, 3)).toEqual({
      kind: "dead",
      reason: "given up after 3 tries: no replica",
      answer: undefined,
    });
  });

  test("whose answer cannot be kept is the last: another would be answered alike", async ({
    expect,
  }) => {
    const answersTooMuch: Invoke = async () => {
      throw new UnkeepableAnswer("too much");
    };
    expect(await run(answersTooMuch, 1)).toEqual({
      kind: "dead",
      reason: "too much",
      answer: undefined,
    });
  });

  test("T44: tells the function its attempt number", async ({ expect }) => {
    let attempt = 0;
    await run(async (one) => {
      attempt = one.attempt;
      return answerOf(200);
    }, 2);
    expect(attempt).toBe(12);
  });

  test("T43: is not made when as many as may be never ended", async ({ expect }) => {
    let isAsked = false;
    const settlement = await run(async () => {
      isAsked = true;
      return answerOf(200);
    }, 4);
    expect([settlement.kind, isAsked]).toEqual(["dead", false]);
  });

  test("that was aborted has no outcome", async ({ expect }) => {
    const signal = AbortSignal.abort(new Error("stopping"));
    await expect(run(fails, 3, signal)).rejects.toThrow("stopping");
  });
});
