import { describe, test } from "vitest";
import type { AlertArithmetic } from "../../../../src/gateway/scaling/alert-step.ts";
import { AlertWebhook } from "../../../../src/gateway/scaling/alert-webhook.ts";
import { ScaleOrders } from "../../../../src/gateway/scaling/scale-orders.ts";
import type { ScalingEvent } from "../../../../src/gateway/scaling/scaling-event.ts";
import { MemoryProvider } from "./memory-provider.ts";

function create(arithmetic: AlertArithmetic = "current", isChosen = true) {
  const provider = new MemoryProvider();
  const events: ScalingEvent[] = [];
  const onEvent = (event: ScalingEvent) => void events.push(event);
  const orders = new ScaleOrders({ provider, onEvent });
  const parseName = (text: string) =>
    text.includes("!") ? undefined : { name: text.replace(/[.]ns$/, ""), namespace: "ns" };
  const webhook = new AlertWebhook({ arithmetic, isChosen, provider, orders, parseName, onEvent });
  return { provider, events, webhook };
}

/** `+name` fires, `-name` is resolved. */
const body = (...alerts: readonly string[]) =>
  JSON.stringify({
    status: "firing",
    alerts: alerts.map((alert) => ({
      status: alert.startsWith("+") ? "firing" : "resolved",
      labels: { function_name: alert.slice(1) },
    })),
  });

const OK = { status: 200, body: "" };

describe("Alertmanager's webhook", () => {
  test.for([
    ["2017", ["f=5", "f=10", "f=1"]],
    ["current", ["f=2", "f=4", "f=6", "f=8", "f=10", "f=1"]],
  ] as const)(
    "steps as in %s, and gives no order where nothing changes",
    async ([arithmetic, expected], { expect }) => {
      const { provider, webhook } = create(arithmetic);
      provider.add("f", arithmetic === "2017" ? 1 : 0, { "com.openfaas.scale.max": "10" });
      for (let times = 0; times < 6; times++) expect(await webhook.answer(body("+f"))).toEqual(OK);
      expect(await webhook.answer(body("-f"))).toEqual(OK);
      expect(await webhook.answer(body("-f"))).toEqual(OK);
      expect(provider.orders).toEqual(expected);
    },
  );

  test("follows each alert by its own status, with or without a namespace in its name", async ({
    expect,
  }) => {
    const { provider, events, webhook } = create();
    provider.add("up", 1);
    const id = provider.add("down", 9);
    expect(await webhook.answer(body("+up.ns", "-down", "+up"))).toEqual(OK);
    expect(provider.orders).toEqual(["up=5", "down=1", "up=9"]);
    expect(events[1]).toEqual({ kind: "scaled", id, from: 9, to: 1, reason: "alert" });
  });

  test("takes two calls for one function one behind the other", async ({ expect }) => {
    const { provider, webhook } = create();
    provider.add("f", 1);
    await Promise.all([webhook.answer(body("+f")), webhook.answer(body("+f"))]);
    expect(provider.orders).toEqual(["f=5", "f=9"]);
  });

  test("ignores a name that cannot be, a function that is not there, and a provider that does not answer", async ({
    expect,
  }) => {
    const { provider, webhook } = create();
    expect(await webhook.answer(body("+no!", "+nobody", "-nobody"))).toEqual(OK);
    provider.failure = new Error("no engine");
    expect(await webhook.answer(body("+nobody"))).toEqual(OK);
    expect(provider.orders).toEqual([]);
  });

  test("wakes nobody because an alert is over", async ({ expect }) => {
    const { provider, webhook } = create();
    provider.add("asleep", 0);
    expect(await webhook.answer(body("-asleep"))).toEqual(OK);
    expect(provider.orders).toEqual([]);
  });

  test("answers 500 with a line for each number that could not be set, and goes on with the others", async ({
    expect,
  }) => {
    const { provider, webhook } = create();
    for (const name of ["a", "b", "c"]) provider.add(name, 1);
    const describeAsBefore = provider.describe.bind(provider);
    provider.describe = (id, signal) => {
      provider.failure = undefined;
      const state = describeAsBefore(id, signal);
      if (id.name !== "b") provider.failure = new Error(`no room for ${id.name}`);
      return state;
    };
    expect(await webhook.answer(body("+a", "+b", "+c"))).toEqual({
      status: 500,
      body: "[0] no room for a\n[1] no room for c\n",
    });
    expect(provider.functions.get("b")?.replicas).toBe(5);
  });

  test("answers 400 to what is none", async ({ expect }) => {
    const { webhook } = create();
    const answer = { status: 400, body: "Unable to parse alert, bad format." };
    expect(await webhook.answer("nonsense")).toEqual(answer);
  });

  test("that was not chosen answers 200, does nothing, and says so once", async ({ expect }) => {
    const { provider, events, webhook } = create("current", false);
    provider.add("f", 1);
    expect(await webhook.answer(body("+f"))).toEqual(OK);
    expect(await webhook.answer(body("+f"))).toEqual(OK);
    expect([provider.orders, events]).toEqual([[], [{ kind: "alertsNotChosen" }]]);
  });
});
