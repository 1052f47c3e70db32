import { describe, test } from "vitest";
import type { Queue } from "../../../../src/gateway/queue/queue.ts";
import type { Attempt } from "../../../../src/gateway/queue/run-invocation.ts";
import { until } from "../../../support/until.ts";
import { createHolding, isEmpty, openQueue, run } from "./run-queue.ts";
import { answerOf, ECHO, submissionOf } from "./submission.ts";

describe("what runs queued invocations", () => {
  test("drains 10,000 with nothing lost and nothing run twice", async ({ expect }) => {
    const { queue } = await openQueue();
    const runs = new Map<string, number>();
    run(queue, async ({ callId }) => {
      runs.set(callId, (runs.get(callId) ?? 0) + 1);
      return answerOf(200, callId);
    });
    const callIds = Array.from({ length: 10_000 }, (_, index) => `${index}`);
    const functions = ["a", "b", "c"].map((name) => ({ ...ECHO, name }));
    await Promise.all(
      callIds.map((callId, index) =>
        queue.enqueue(submissionOf(callId, { function: functions[index % 3] ?? ECHO })),
      ),
    );
    await until("all has run", () => isEmpty(queue), 50_000);
    expect(runs.size).toBe(10_000);
    expect([...runs.values()].every((count) => count === 1)).toBe(true);
    const states = await Promise.all(callIds.map(async (id) => (await queue.find(id))?.state));
    expect(new Set(states)).toEqual(new Set(["completed"]));
  });

  test("runs no more of a function at a time than it may, and others beside it", async ({
    expect,
  }) => {
    const { queue } = await openQueue();
    const slow = createHolding();
    const other: string[] = [];
    for (let index = 0; index < 20; index++) await queue.enqueue(submissionOf(`${index}`));
    const invoke = async (attempt: Attempt) => {
      if (attempt.function.name === ECHO.name) return slow.invoke(attempt);
      other.push(attempt.callId);
      return answerOf(200);
    };
    run(queue, invoke, { policy: { concurrency: 3 } });
    await until("as many run as may", () => slow.begun.length === 3);
    await queue.enqueue(submissionOf("x", { function: { ...ECHO, name: "other" } }));
    await until("the other one has run", () => other.length === 1);
    expect(slow.begun).toHaveLength(3);
    slow.letGo();
    await until("all has run", () => isEmpty(queue));
    expect(slow.most()).toBe(3);
  });

  test("serves functions in turn when all together have no room", async ({ expect }) => {
    const { queue } = await openQueue();
    const order: string[] = [];
    for (const name of ["a", "b", "c"]) {
      for (let index = 0; index < 5; index++) {
        const id = { ...ECHO, name };
        await queue.enqueue(submissionOf(`${name}${index}`, { function: id }));
      }
    }
    const invoke = async ({ callId }: Attempt) => {
      order.push(callId);
      return answerOf(200);
    };
    run(queue, invoke, { concurrency: 1 });
    await until("all has run", () => isEmpty(queue));
    expect(order.slice(0, 6)).toEqual(["a0", "b0", "c0", "a1", "b1", "c1"]);
  });

  test("tries again what failed, and keeps it as a dead letter in the end", async ({ expect }) => {
    const { queue } = await openQueue();
    const attempts: number[] = [];
    const invoke = async ({ attempt }: Attempt) => {
      attempts.push(attempt);
      return answerOf(503, "busy");
    };
    run(queue, invoke, { policy: { attempts: 3 } });
    await queue.enqueue(submissionOf("a"));
    await until("it is given up", async () => (await queue.deadLetters(1)).length === 1);
    expect(attempts).toEqual([1, 2, 3]);
    expect(await queue.find("a")).toMatchObject({
      state: "dead",
      status: 503,
      reason: "given up after 3 tries: the function answered 503",
    });
    await queue.redrive("all");
    await until("it is given up again", async () => (await queue.deadLetters(1)).length === 1);
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("waits for what runs when it is closed, and takes nothing more", async ({ expect }) => {
    const { queue } = await openQueue();
    const { invoke, begun, letGo } = createHolding();
    const { running } = run(queue, invoke, { policy: { concurrency: 1 } });
    await queue.enqueue(submissionOf("a"));
    await queue.enqueue(submissionOf("b"));
    await until("one runs", () => begun.length === 1);
    const closed = running.close(60_000);
    letGo();
    await closed;
    expect(running.running).toBe(0);
    expect([(await queue.find("a"))?.state, begun]).toEqual(["completed", ["a"]]);
    expect(await queue.find("b")).toMatchObject({ state: "queued", attempt: 0 });
  });

  test("gives back, uncounted, what does not end in time when it is closed", async ({ expect }) => {
    const { queue } = await openQueue();
    const { invoke, begun } = createHolding();
    const { running, errors } = run(queue, invoke, { policy: { attempts: 1 } });
    await queue.enqueue(submissionOf("a"));
    await until("it runs", () => begun.length === 1);
    await running.close(10);
    expect(await queue.find("a")).toMatchObject({ state: "queued", attempt: 1 });
    const [claim] = await queue.claim("openfaas-fn/echo", 1, 60_000);
    expect([claim?.attempt, claim?.tries, errors]).toEqual([2, 1, []]);
  });

  test("goes on with the default where a function's policy cannot be had", async ({ expect }) => {
    const { queue } = await openQueue();
    const policyOf = async () => {
      throw new Error("no such function");
    };
    const { errors } = run(queue, async () => answerOf(200), { policyOf });
    await queue.enqueue(submissionOf("a"));
    await until("it has run", async () => (await queue.find("a"))?.state === "completed");
    expect(errors[0]?.message).toBe("no such function");
  });

  test("writes what has run when that is possible again, and runs it once", async ({ expect }) => {
    const { queue } = await openQueue();
    let [settles, runs] = [0, 0];
    const flaky: Queue = Object.create(queue, {
      settle: {
        value: async (...args: Parameters<Queue["settle"]>) => {
          if (settles++ === 0) throw new Error("disk full");
          return queue.settle(...args);
        },
      },
    });
    const bound = new Proxy(flaky, {
      get: (target, key) => {
        if (key === "settle") return flaky.settle;
        const value = Reflect.get(queue, key, queue);
        return typeof value === "function" ? value.bind(queue) : (value ?? target);
      },
    });
    const { errors } = run(bound, async () => {
      runs++;
      return answerOf(200);
    });
    await queue.enqueue(submissionOf("a"));
    await until("it is written", async () => (await queue.find("a"))?.state === "completed");
    expect([runs, settles, errors.map(({ message }) => message)]).toEqual([1, 2, ["disk full"]]);
  });
});
