import { describe, test } from "vitest";
import { ScaleOrders } from "../../../../src/gateway/scaling/scale-orders.ts";
import { WakeUps } from "../../../../src/gateway/scaling/wake-ups.ts";
import { until } from "../../../support/until.ts";
import { createWakeUps, times } from "./create-wake-ups.ts";
import { MemoryProvider } from "./memory-provider.ts";

describe("requests for a function without a replica", () => {
  test("T45: a hundred of them are one order, and all go on when the replica answers", async ({
    expect,
  }) => {
    using subject = createWakeUps();
    const { provider, events, wakeUps, kinds } = subject;
    provider.isInstant = false;
    const id = provider.add("f", 0);
    const waits = times(100, () => wakeUps.wait(id));
    await until("an order", () => provider.orders.length > 0);
    waits.push(...times(50, () => wakeUps.wait(id)));
    expect(wakeUps.waiting).toBe(150);
    provider.answer("f");
    expect(new Set(await kinds(waits))).toEqual(new Set(["ready"]));
    expect([provider.orders, wakeUps.waiting]).toEqual([["f=1"], 0]);
    expect(events).toMatchObject([
      { kind: "scaled", id, from: 0, to: 1, reason: "request" },
      { kind: "woken", id, waiters: 150 },
    ]);
  });

  test("T45: whom no replica comes for is told at the deadline, and none is lost", async ({
    expect,
  }) => {
    using subject = createWakeUps({ deadlineMs: 50 });
    const { provider, wakeUps, kinds } = subject;
    provider.isInstant = false;
    const id = provider.add("f", 0);
    const waits = [...times(100, () => wakeUps.wait(id)), wakeUps.wait(id, { deadlineMs: 1 })];
    expect(new Set(await kinds(waits))).toEqual(new Set(["deadline"]));
    expect([provider.orders, wakeUps.waiting]).toEqual([["f=1"], 0]);
    provider.answer("f");
    expect(await wakeUps.wait(id)).toEqual({ kind: "ready" });
    expect(provider.orders).toEqual(["f=1"]);
  });

  test("get as many replicas as the function's minimum is", async ({ expect }) => {
    using subject = createWakeUps();
    const { provider, wakeUps } = subject;
    await wakeUps.wait(provider.add("f", 0, { "com.openfaas.scale.min": "3" }));
    await wakeUps.wait(provider.add("g", 0, { "com.openfaas.scale.min": "x" }));
    expect(provider.orders).toEqual(["f=3", "g=1"]);
  });

  test("go on at once where one answers, and order none where one is starting", async ({
    expect,
  }) => {
    using subject = createWakeUps();
    const { provider, wakeUps } = subject;
    expect(await wakeUps.wait(provider.add("awake", 2))).toEqual({ kind: "ready" });
    provider.isInstant = false;
    const id = provider.add("starting", 0);
    await provider.scale(id, 2);
    const wait = wakeUps.wait(id);
    provider.answer("starting");
    expect(await wait).toEqual({ kind: "ready" });
    expect(provider.orders).toEqual(["starting=2"]);
  });

  test("hear of a replica from the provider, without another look", async ({ expect }) => {
    using subject = createWakeUps({ pollMs: 1_000_000 });
    const { provider, wakeUps } = subject;
    provider.isInstant = false;
    const id = provider.add("f", 0);
    const wait = wakeUps.wait(id);
    await until("an order", () => provider.functions.get("f")?.replicas === 1);
    provider.answer("f");
    expect(await wait).toEqual({ kind: "ready" });
  });

  test("see a replica that the provider says nothing about", async ({ expect }) => {
    const provider = new MemoryProvider();
    const onEvent = () => undefined;
    const orders = new ScaleOrders({ provider, onEvent });
    provider.watch = () => () => undefined;
    using wakeUps = new WakeUps({ provider, orders, onEvent, pollMs: 5 });
    expect(await wakeUps.wait(provider.add("f", 0))).toEqual({ kind: "ready" });
  });

  test("order again where somebody took the replicas away meanwhile", async ({ expect }) => {
    using subject = createWakeUps();
    const { provider, wakeUps } = subject;
    provider.isInstant = false;
    const id = provider.add("f", 0);
    const wait = wakeUps.wait(id);
    await until("an order", () => provider.functions.get("f")?.replicas === 1);
    await provider.scale(id, 0);
    await until("another order", () => provider.orders.length === 3);
    provider.answer("f");
    expect(await wait).toEqual({ kind: "ready" });
    expect(provider.orders).toEqual(["f=1", "f=0", "f=1"]);
  });

  test("wait for whoever has the function's turn, and order nothing that it did already", async ({
    expect,
  }) => {
    using subject = createWakeUps();
    const { provider, orders, wakeUps } = subject;
    const id = provider.add("f", 0);
    const gate = Promise.withResolvers<void>();
    const turn = orders.take(id, async () => {
      await gate.promise;
      await provider.scale(id, 4);
    });
    const wait = wakeUps.wait(id);
    gate.resolve();
    expect(await wait).toEqual({ kind: "ready" });
    await turn;
    expect(provider.orders).toEqual(["f=4"]);
  });
});
