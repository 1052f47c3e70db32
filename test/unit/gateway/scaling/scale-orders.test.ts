import { describe, test } from "vitest";
import { ScaleOrders } from "../../../../src/gateway/scaling/scale-orders.ts";
import type { ScalingEvent } from "../../../../src/gateway/scaling/scaling-event.ts";
import { MemoryProvider } from "./memory-provider.ts";

function create() {
  const provider = new MemoryProvider();
  const events: ScalingEvent[] = [];
  const orders = new ScaleOrders({ provider, onEvent: (event) => events.push(event) });
  const id = provider.add("f", 1);
  const to = (replicas: number) => ({ id, from: 1, to: replicas, reason: "load" as const });
  return { provider, events, orders, id, to };
}

describe("orders to scale", () => {
  test("of one function are given one behind the other, whatever becomes of them", async ({
    expect,
  }) => {
    const { provider, orders, id, to } = create();
    const gate = Promise.withResolvers<void>();
    provider.gate = gate.promise;
    const first = orders.take(id, () => orders.scale(to(2)));
    const failing = orders.take(id, async () => {
      throw new Error("of no use");
    });
    const second = orders.take(id, () => orders.scale(to(3)));
    expect([orders.isBusy(id), provider.orders]).toEqual([true, ["f=2"]]);
    gate.resolve();
    await expect(failing).rejects.toThrow("of no use");
    await Promise.all([first, second]);
    expect([orders.isBusy(id), provider.orders]).toEqual([false, ["f=2", "f=3"]]);
  });

  test("of one function do not hold up another's", async ({ expect }) => {
    const { provider, orders, id, to } = create();
    const other = provider.add("g", 1);
    const gate = Promise.withResolvers<void>();
    const first = orders.take(id, () => gate.promise);
    await orders.take(other, () => orders.scale({ ...to(4), id: other }));
    expect(provider.orders).toEqual(["g=4"]);
    gate.resolve();
    await first;
  });

  test("that fail are told once, until one succeeds or fails in another way", async ({
    expect,
  }) => {
    const { provider, events, orders, to } = create();
    const fail = async (message: string) => {
      provider.failure = new Error(message);
      await expect(orders.scale(to(2))).rejects.toThrow(message);
    };
    await fail("no room");
    await fail("no room");
    await fail("no engine");
    provider.failure = undefined;
    await orders.scale(to(2));
    await fail("no engine");
    const told = events.map((event) =>
      event.kind === "failed" ? String(event.error) : event.kind,
    );
    expect(told).toEqual(["Error: no room", "Error: no engine", "scaled", "Error: no engine"]);
  });

  test("for a function that was removed, or that were given up, are nobody's failure", async ({
    expect,
  }) => {
    const { provider, events, orders, to } = create();
    provider.functions.clear();
    await expect(orders.scale(to(2))).rejects.toThrow("there is no function f");
    provider.failure = new Error("given up");
    await expect(orders.scale(to(2), AbortSignal.abort())).rejects.toThrow("given up");
    expect(events).toEqual([]);
  });
});
