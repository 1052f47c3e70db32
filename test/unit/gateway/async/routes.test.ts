import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, test } from "vitest";
import type { Answer as Said } from "../../../../src/gateway/api/answer.ts";
import { asyncRoutes } from "../../../../src/gateway/async/routes.ts";
import type { Answer, InvocationRecord, Queue } from "../../../../src/gateway/queue/queue.ts";

const RECORD: InvocationRecord = {
  callId: "a",
  function: { name: "echo", namespace: "openfaas-fn" },
  state: "completed",
  attempt: 1,
  queuedAt: new Date(0),
  finishedAt: new Date(0),
  status: 200,
  durationMs: 1,
  reason: undefined,
  callback: "none",
  callbackReason: undefined,
};

/** Looks up an invocation whose answer has this body. */
function lookUpWith(body: Uint8Array): () => Promise<Said> {
  const answer: Answer = { status: 200, headers: [], body, durationMs: 1 };
  const queue = { find: async () => RECORD, answer: async () => answer } as unknown as Queue;
  const [find] = asyncRoutes(queue) as unknown as [{ answer(asked: object): Promise<Said> }];
  return () => find.answer({ params: { callId: "a" } });
}

describe("the answer of a queued invocation", () => {
  test.for([
    ["text", 'grüß "dich"\n\t\r\n', false],
    ["no UTF-8", Buffer.from([0xff, 0x41]), true],
    ["control characters, each six in JSON", Buffer.alloc(100), true],
    ["colours of a terminal", "\u001b[1mbold", true],
  ] as const)(
    "is told as it is where it is text, else in base64: %s",
    async ([, said, isBase64], { expect }) => {
      const bytes = Buffer.from(said as string);
      const { answer } = JSON.parse((await lookUpWith(bytes)()).body);
      expect(answer.isBase64).toBe(isBase64);
      expect(Buffer.from(answer.body, isBase64 ? "base64" : "utf8")).toEqual(bytes);
    },
  );

  test("has a turn of its own where it is large, so that others are answered in between", async ({
    expect,
  }) => {
    const lookUp = lookUpWith(Buffer.alloc(2 * 1024 * 1024));
    const order: string[] = [];
    const asked = Array.from({ length: 3 }, async () => {
      await lookUp();
      order.push("large");
    });
    const others = (async () => {
      for (let count = 0; count < 6; count++) {
        await nextTurn();
        order.push("other");
      }
    })();
    await Promise.all([...asked, others]);
    expect(order.join(" ")).not.toContain("large large");
  });
});
