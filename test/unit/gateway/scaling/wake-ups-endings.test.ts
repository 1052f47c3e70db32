import { describe, test } from "vitest";
import { type FunctionState, ProviderError } from "../../../../src/provider/provider.ts";
import { until } from "../../../support/until.ts";
import { createWakeUps, times } from "./create-wake-ups.ts";

describe("requests that wait for a first replica", () => {
  test("are told where the function is not there, or is removed while they wait", async ({
    expect,
  }) => {
    using subject = createWakeUps();
    const { provider, wakeUps, kinds } = subject;
    expect(await wakeUps.wait({ name: "nobody", namespace: "ns" })).toEqual({ kind: "notFound" });
    provider.isInstant = false;
    const id = provider.add("f", 0);
    const waits = times(3, () => wakeUps.wait(id));
    await until("an order", () => provider.orders.length > 0);
    provider.functions.clear();
    expect(await kinds(waits)).toEqual(["notFound", "notFound", "notFound"]);
  });

  test("are told what the provider says again and again, and not what it says once", async ({
    expect,
  }) => {
    using subject = createWakeUps();
    const { provider, events, wakeUps } = subject;
    const id = provider.add("f", 0);
    const error = new ProviderError("unavailable", "the engine does not answer");
    const gate = Promise.withResolvers<void>();
    provider.gate = gate.promise;
    provider.failure = undefined;
    const wait = wakeUps.wait(id);
    await until("an order", () => provider.orders.length === 1);
    provider.failure = error;
    gate.resolve();
    await until("a failure", () => events.length > 0);
    provider.failure = undefined;
    expect(await wait).toEqual({ kind: "ready" });
    const other = provider.add("g", 0);
    provider.failure = error;
    expect(await wakeUps.wait(other)).toEqual({ kind: "failed", error });
  });

  test("go on in the order in which they came, a thousand of them", async ({ expect }) => {
    using subject = createWakeUps();
    const { provider, wakeUps } = subject;
    provider.isInstant = false;
    const id = provider.add("f", 0);
    const order: number[] = [];
    const waits = Array.from({ length: 1_000 }, async (_, index) => {
      await wakeUps.wait(id);
      order.push(index);
    });
    await until("an order", () => provider.orders.length > 0);
    provider.answer("f");
    await Promise.all(waits);
    expect(order).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
    expect(provider.orders).toEqual(["f=1"]);
  });

  test("are told soon how a replica ended that never took requests, and not of one that is followed by a good one", async ({
    expect,
  }) => {
    using subject = createWakeUps();
    const { provider, wakeUps } = subject;
    provider.isInstant = false;
    const id = provider.add("f", 0);
    const fail = (failure: string | undefined) => {
      const state = provider.functions.get("f") as FunctionState;
      const { failure: _, ...rest } = state;
      provider.functions.set("f", failure === undefined ? rest : { ...rest, failure });
    };
    const wait = wakeUps.wait(id);
    await until("an order", () => provider.orders.length > 0);
    fail("exit code 78");
    expect(await wait).toMatchObject({ kind: "failed", error: { message: "exit code 78" } });
    const again = wakeUps.wait(id);
    fail(undefined);
    provider.answer("f");
    expect(await again).toEqual({ kind: "ready" });
  });

  test("are no more than the bounds, for one function and for all", async ({ expect }) => {
    using subject = createWakeUps({ maxWaiting: 3, maxWaitingInAll: 5 });
    const { provider, wakeUps, kinds } = subject;
    provider.isInstant = false;
    const [f, g] = [provider.add("f", 0), provider.add("g", 0)];
    const waits = times(3, () => wakeUps.wait(f));
    expect(await wakeUps.wait(f)).toEqual({ kind: "crowded" });
    waits.push(...times(2, () => wakeUps.wait(g)));
    expect(await wakeUps.wait(g)).toEqual({ kind: "crowded" });
    await until("both orders", () => provider.orders.length === 2);
    provider.answer("f");
    provider.answer("g");
    expect(new Set(await kinds(waits))).toEqual(new Set(["ready"]));
  });

  test("that are given up leave, and the last one takes the looking with it", async ({
    expect,
  }) => {
    using subject = createWakeUps();
    const { provider, wakeUps, kinds } = subject;
    provider.isInstant = false;
    const id = provider.add("f", 0);
    const leaving = new AbortController();
    const waits = times(3, () => wakeUps.wait(id, { signal: leaving.signal }));
    await until("an order", () => provider.orders.length > 0);
    leaving.abort();
    waits.push(wakeUps.wait(id, { signal: leaving.signal }));
    expect(new Set(await kinds(waits))).toEqual(new Set(["aborted"]));
    expect(wakeUps.waiting).toBe(0);
    await provider.scale(id, 0);
    const looks = provider.orders.length;
    const again = wakeUps.wait(provider.add("g", 0));
    await until("an order for the other", () => provider.orders.includes("g=1"));
    provider.answer("g");
    await again;
    expect(provider.orders.slice(looks)).toEqual(["g=1"]);
  });

  test("are told when the gateway stops, also those who come later", async ({ expect }) => {
    using subject = createWakeUps();
    const { provider, wakeUps, kinds } = subject;
    provider.isInstant = false;
    const id = provider.add("f", 0);
    const waits = times(3, () => wakeUps.wait(id));
    wakeUps.close();
    wakeUps.close();
    waits.push(wakeUps.wait(id));
    expect(new Set(await kinds(waits))).toEqual(new Set(["stopping"]));
    expect([provider.listeners, wakeUps.waiting]).toEqual([0, 0]);
  });
});
