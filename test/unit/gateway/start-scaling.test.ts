import { describe, onTestFinished, test } from "vitest";
import type { GatewayConfig } from "../../../src/config/gateway/config.ts";
import { FunctionTable } from "../../../src/gateway/function-table.ts";
import type { GatewayLog } from "../../../src/gateway/log.ts";
import { startScaling } from "../../../src/gateway/start-scaling.ts";
import { specOf } from "../../support/function-spec.ts";
import { DEFAULT_NAMESPACE, MemoryProvider } from "../../support/memory-provider.ts";
import { until } from "../../support/until.ts";
import { createMetrics } from "./metrics/metrics.ts";

const ID = { name: "f", namespace: DEFAULT_NAMESPACE };

async function start(config: Partial<GatewayConfig> = {}, labels: Record<string, string> = {}) {
  const provider = new MemoryProvider();
  await provider.deploy(specOf(ID.name, { labels }));
  const said: string[] = [];
  const say = (message: string, fields: object = {}) =>
    void said.push(`${message} ${JSON.stringify(fields)}`);
  const metrics = createMetrics();
  const table = new FunctionTable({ provider, onSeen() {}, onGone() {}, onError() {} });
  await table.load();
  const scaling = startScaling({
    config: {
      functionNamespace: DEFAULT_NAMESPACE,
      scaling: "builtin",
      scalingArithmetic: "current",
      scaleFromZero: true,
      ...config,
    } as GatewayConfig,
    provider,
    table,
    metrics,
    log: { info: say, warn: say, error: say } as unknown as GatewayLog,
  });
  onTestFinished(async () => {
    await scaling[Symbol.asyncDispose]();
    table[Symbol.dispose]();
  });
  const replicas = async () => (await provider.describe(ID)).replicas;
  return { provider, scaling, said, metrics, replicas };
}

const alert = (status: string, function_name: string) =>
  JSON.stringify({ status, alerts: [{ status, labels: { alertname: "A", function_name } }] });

describe("scaling", () => {
  test("by hand is an order like all others, and told", async ({ expect }) => {
    const { scaling, said, replicas } = await start();
    await scaling.scale(ID, 4);
    expect(await replicas()).toBe(4);
    expect(said).toEqual([
      'scaled {"function":"f.openfaas-fn","from":1,"to":4,"reason":"request"}',
    ]);
    await expect(scaling.scale({ ...ID, name: "none" }, 1)).rejects.toThrow("none");
  });

  test.for([
    ["builtin", "current", 1],
    ["alertmanager", "current", 5],
    ["both", "current", 5],
    ["alertmanager", "2017", 5],
  ] as const)(
    "%s with the arithmetic %s makes %i replicas of an alert",
    async ([scaling, scalingArithmetic, expected], { expect }) => {
      const started = await start({ scaling, scalingArithmetic });
      for (const name of ["f", "none", "f.nowhere"]) {
        const answer = await started.scaling.webhook.answer(alert("firing", name));
        expect(answer).toEqual({ status: 200, body: "" });
      }
      expect(await started.replicas()).toBe(expected);
      const isTold = started.said.some((line) => line.includes("alerts come and nothing comes"));
      expect(isTold).toBe(scaling === "builtin");
    },
  );

  test("a request wakes a function that is at zero to its minimum; it is counted and told", async ({
    expect,
  }) => {
    const { scaling, said, metrics, replicas } = await start({}, { "com.openfaas.scale.min": "2" });
    await scaling.scale(ID, 0);
    const signal = new AbortController().signal;
    const waiting = [1, 2, 3].map(() => scaling.whenAvailable?.(ID, signal));
    await Promise.all(waiting);
    expect(await replicas()).toBe(2);
    await until("it is told", () => said.some((line) => line.startsWith("woken")));
    expect(said.at(-1)).toMatch(/^woken .*"waited":3/);
    expect(metrics.registry.render()).toContain('gateway_cold_starts_total{function_name="f"} 1');
  });

  test("says why nobody will come: no such function, or the gateway stops", async ({ expect }) => {
    const { scaling } = await start();
    const signal = new AbortController().signal;
    const none = scaling.whenAvailable?.({ ...ID, name: "none" }, signal);
    await expect(none).rejects.toThrow("no replica of none.openfaas-fn: notFound");
    scaling.stopWaiting();
    await expect(scaling.whenAvailable?.(ID, signal)).rejects.toThrow("stopping");
  });

  test("from zero can be off, and then nobody waits", async ({ expect }) => {
    const { scaling } = await start({ scaleFromZero: false });
    expect(scaling.whenAvailable).toBeUndefined();
  });
});
