import { describe, test } from "vitest";
import { Autoscaler } from "../../../../src/gateway/scaling/autoscaler.ts";
import { LoadCounter } from "../../../../src/gateway/scaling/load-counter.ts";
import { ScaleOrders } from "../../../../src/gateway/scaling/scale-orders.ts";
import type { ScalingEvent } from "../../../../src/gateway/scaling/scaling-event.ts";
import { until } from "../../../support/until.ts";
import { MemoryProvider } from "./memory-provider.ts";

function create(options: { readonly isIdleOnly?: boolean } = {}) {
  const clock = { nowMs: 0 };
  const now = () => clock.nowMs;
  const provider = new MemoryProvider();
  const events: ScalingEvent[] = [];
  const onEvent = (event: ScalingEvent) => void events.push(event);
  const loads = new Map<string, LoadCounter>();
  const load = (name: string): LoadCounter => {
    const counter = loads.get(name) ?? new LoadCounter(now);
    loads.set(name, counter);
    return counter;
  };
  const functions = () =>
    [...provider.functions.values()].map((state) => ({
      state,
      slots: 1,
      load: loads.get(state.name),
    }));
  const orders = new ScaleOrders({ provider, onEvent });
  const autoscaler = new Autoscaler({ functions, orders, onEvent, now, ...options });
  const tick = async (times = 1) => {
    for (let count = 0; count < times; count++) {
      clock.nowMs += 2_000;
      autoscaler.tick();
      await autoscaler.settled();
    }
  };
  return { provider, events, load, orders, autoscaler, tick, functions, onEvent };
}

const ZERO = { "com.openfaas.scale.zero": "true", "com.openfaas.scale.zero-duration": "60s" };

describe("an autoscaler", () => {
  test("orders what the load of each function asks for, and says why", async ({ expect }) => {
    const { provider, events, load, tick } = create();
    const busy = provider.add("busy", 1);
    provider.add("quiet", 1);
    await tick(5);
    for (let count = 0; count < 6; count++) load("busy").begin();
    await tick(3);
    expect(provider.functions.get("busy")?.replicas).toBeGreaterThanOrEqual(6);
    expect(provider.functions.get("quiet")?.replicas).toBe(1);
    expect(events[0]).toMatchObject({ kind: "scaled", id: busy, from: 1, reason: "burst" });
  });

  test("counts all answers: a function that always fails is scaled as well", async ({ expect }) => {
    const { provider, load, tick } = create();
    provider.add("failing", 1, {
      "com.openfaas.scale.type": "rps",
      "com.openfaas.scale.target": "10",
    });
    await tick();
    for (let count = 0; count < 400; count++) {
      load("failing").begin();
      load("failing").end();
    }
    await tick();
    expect(provider.functions.get("failing")?.replicas).toBeGreaterThan(3);
  });

  test("gives no order for a function while one is under way", async ({ expect }) => {
    const { provider, load, autoscaler, tick } = create();
    provider.add("f", 1);
    await tick();
    const gate = Promise.withResolvers<void>();
    provider.gate = gate.promise;
    for (let count = 0; count < 6; count++) load("f").begin();
    for (let count = 0; count < 5; count++) void tick();
    expect(provider.orders).toHaveLength(1);
    gate.resolve();
    await autoscaler.settled();
    await tick();
    expect(new Set(provider.orders).size).toBe(provider.orders.length);
  });

  test("leaves who sleeps asleep", async ({ expect }) => {
    const { provider, tick } = create();
    provider.add("asleep", 0, { "com.openfaas.scale.min": "2" });
    await tick(40);
    expect(provider.orders).toEqual([]);
  });

  test("takes a thousand idle functions to zero, a few at a time, and costs little while they idle", async ({
    expect,
  }) => {
    const { provider, tick } = create();
    for (let number = 0; number < 1_000; number++) provider.add(`f${number}`, 1, ZERO);
    await tick(30);
    expect(provider.orders).toEqual([]);
    await tick();
    expect(provider.orders).toHaveLength(16);
    await tick(70);
    expect(new Set(provider.orders).size).toBe(1_000);
    expect(provider.orders.every((order) => order.endsWith("=0"))).toBe(true);
  });

  test("where alerts do the rest, takes to zero what idles and nothing else", async ({
    expect,
  }) => {
    const { provider, load, tick } = create({ isIdleOnly: true });
    provider.add("busy", 1);
    provider.add("raised", 9);
    provider.add("idle", 3, ZERO);
    for (let count = 0; count < 9; count++) load("busy").begin();
    await tick(60);
    expect(provider.orders).toEqual(["idle=0"]);
  });

  test("names bad labels once, and again when they are others", async ({ expect }) => {
    const { provider, events, tick } = create();
    const id = provider.add("f", 1, { "com.openfaas.scale.max": "many" });
    await tick(3);
    provider.add("f", 1, { "com.openfaas.scale.max": "many", other: "label" });
    await tick(3);
    provider.add("f", 1, { "com.openfaas.scale.max": "none" });
    await tick(3);
    provider.add("f", 1);
    await tick(3);
    const problem = (found: string) =>
      `com.openfaas.scale.max: found "${found}", expected a whole number from 1 to 999999`;
    expect(events).toEqual([
      { kind: "badLabels", id, problems: [problem("many")] },
      { kind: "badLabels", id, problems: [problem("none")] },
    ]);
  });

  test("follows labels that change", async ({ expect }) => {
    const { provider, tick } = create();
    provider.add("f", 1);
    await tick(3);
    provider.add("f", 1, { "com.openfaas.scale.min": "4" });
    await tick();
    expect(provider.orders).toEqual(["f=4"]);
  });

  test("tries again at the next tick what failed, and tells it once", async ({ expect }) => {
    const { provider, events, tick } = create();
    provider.add("f", 1, { "com.openfaas.scale.min": "4" });
    provider.failure = new Error("no room");
    await tick(3);
    expect(provider.orders).toEqual(["f=4", "f=4", "f=4"]);
    provider.failure = undefined;
    await tick();
    expect(events.map(({ kind }) => kind)).toEqual(["failed", "scaled"]);
  });

  test("forgets who was removed: who comes back is another one", async ({ expect }) => {
    const { provider, tick } = create();
    provider.add("f", 1, ZERO);
    await tick(29);
    provider.functions.clear();
    await tick();
    provider.add("f", 1, ZERO);
    await tick(29);
    expect(provider.orders).toEqual([]);
    await tick(2);
    expect(provider.orders).toEqual(["f=0"]);
  });

  test("ticks by itself once it is started, and not after it is closed", async ({ expect }) => {
    const { provider, orders, functions, onEvent } = create();
    provider.add("f", 1, { "com.openfaas.scale.min": "4" });
    await using autoscaler = new Autoscaler({ functions, orders, onEvent, tickMs: 5 });
    autoscaler.start();
    autoscaler.start();
    await until("an order", () => provider.orders.length > 0);
    await autoscaler.close();
    await autoscaler.close();
    provider.add("f", 1, { "com.openfaas.scale.min": "7" });
    autoscaler.tick();
    expect(provider.orders).not.toContain("f=7");
  });
});
