import { describe, onTestFinished, test } from "vitest";
import { openDatabase } from "../../../../src/gateway/queue/sqlite/schema.ts";
import { Store } from "../../../../src/gateway/queue/sqlite/store.ts";
import { Timeline } from "../../../../src/gateway/queue/sqlite/timeline.ts";
import {
  type OperationName,
  Transactions,
} from "../../../../src/gateway/queue/sqlite/transactions.ts";
import { newQueueFile } from "./new-queue-file.ts";
import { submissionOf } from "./submission.ts";

const HOUR = 3_600_000;
const LINE = "openfaas-fn/echo";
const LIMITS = { keptMs: 10 * HOUR, keptCount: 100, keptBytes: 1_000_000 };

/** A queue whose clocks are ours. */
function openQueue() {
  const file = newQueueFile();
  const time = { wall: Date.now(), steady: 5_000, awake: 7_000 };
  const clocks = { wall: () => time.wall, steady: () => time.steady, awake: () => time.awake };
  const open = () => {
    const database = openDatabase(file);
    onTestFinished(() => {
      if (database.isOpen) database.close();
    });
    const timeline = new Timeline(database, clocks);
    const store = new Store(database, LIMITS, { now: clocks.wall, room: () => 1024 ** 3 });
    const transactions = new Transactions(database, store, timeline);
    const call = (name: OperationName, ...args: unknown[]) => {
      const [reply] = transactions.run([{ name, args }]);
      if (reply === undefined || "failure" in reply) throw new Error(reply?.failure);
      return reply.value;
    };
    return { close: () => database.close(), call };
  };
  const pass = (ms: number, isAsleep = false) => {
    time.wall += ms;
    time.awake += ms;
    if (!isAsleep) time.steady += ms;
  };
  const set = (ms: number) => {
    time.wall += ms;
  };
  return { ...open(), open, pass, set };
}

type Claims = { readonly callId: string; readonly lease: string }[];
const callIds = (claims: unknown) => (claims as Claims).map(({ callId }) => callId);

describe("a clock that is set", () => {
  test.for([
    ["back", -HOUR],
    ["forward", HOUR],
  ] as const)(
    "%s has nothing wait longer than it was told, nor run before",
    ([, jumpMs], { expect }) => {
      const { call, pass, set } = openQueue();
      call("enqueue", submissionOf("now"));
      call("enqueue", submissionOf("failed"));
      call("enqueue", submissionOf("later", { delayMs: 90_000 }));
      const [first, second] = call("claim", LINE, 2, 30_000) as Claims;
      const failed = { kind: "retry", delayMs: 10_000, reason: "", isCounted: true };
      call("settle", second?.lease, failed);
      set(jumpMs);
      call("enqueue", submissionOf("new"));
      expect(callIds(call("claim", LINE, 9, 30_000))).toEqual(["new"]);
      pass(9_000);
      expect(call("claim", LINE, 9, 30_000)).toEqual([]);
      expect(call("renew", [first?.lease], 200_000)).toEqual([]);
      pass(1_000);
      expect(callIds(call("claim", LINE, 9, 200_000))).toEqual(["failed"]);
      pass(79_000);
      expect(callIds(call("claim", LINE, 9, 200_000))).toEqual(["new"]);
      pass(1_000);
      expect(callIds(call("claim", LINE, 9, 200_000))).toEqual(["later"]);
    },
  );

  test("forward has no answer be forgotten before its time", ({ expect }) => {
    const { call, pass, set } = openQueue();
    call("enqueue", submissionOf("a"));
    const [claim] = call("claim", LINE, 1, 30_000) as Claims;
    call("settle", claim?.lease, { kind: "completed", answer: undefined });
    set(100 * HOUR);
    pass(9 * HOUR);
    expect([call("sweep", 10), call("find", "a")]).toMatchObject([0, { state: "completed" }]);
    pass(HOUR + 1);
    expect([call("sweep", 10), call("find", "a")]).toEqual([1, undefined]);
  });

  test("is not a machine that has slept: what is due by then runs", ({ expect }) => {
    const { call, pass } = openQueue();
    call("enqueue", submissionOf("later", { delayMs: 90_000 }));
    pass(90_000, true);
    expect(callIds(call("claim", LINE, 1, 30_000))).toEqual(["later"]);
  });

  test("back between two gateways holds nothing up, for nothing was queued in the future", ({
    expect,
  }) => {
    const { call, close, open, set } = openQueue();
    call("enqueue", submissionOf("a"));
    close();
    set(-HOUR);
    expect(callIds(open().call("claim", LINE, 1, 30_000))).toEqual(["a"]);
  });
});
