import { describe, test } from "vitest";
import { createDataFolder, RunningGateway } from "../../support/run-gateway.ts";
import { until } from "../../support/until.ts";
import { findOnce, isOver, script, submit } from "./async/queued.ts";

const within = (timeout: string, more: object = {}) => ({
  annotations: { "com.openfaas.timeout": timeout, "com.openfaas.retry.attempts": "1" },
  ...more,
});

/** A first replica is waited for as long as an invocation may take, and no longer. */
async function untilReady(gateway: RunningGateway, name: string): Promise<void> {
  await until(`${name} has a replica`, async () => {
    const state = await (await gateway.ask(`/system/function/${name}`)).json();
    return (state as { availableReplicas: number }).availableReplicas > 0;
  });
}

describe("com.openfaas.timeout", () => {
  test("ends what takes longer, at once and queued, with an answer that names it", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    await gateway.deploy("slow", "sleep 600", within("500ms"));
    await untilReady(gateway, "slow");
    const answer = await gateway.ask("/function/slow", { method: "POST", body: "a" });
    expect([answer.status, await answer.text()]).toEqual([
      504,
      "Gateway Timeout: slow.openfaas-fn took longer than 500ms, which com.openfaas.timeout allows\n",
    ]);
    await submit(gateway, "slow", "call-1");
    const queued = await findOnce(gateway, "call-1", isOver);
    expect(queued).toMatchObject({ state: "dead", status: 504 });
    expect(queued.answer?.body).toContain("com.openfaas.timeout");
    // The replica goes on.
    expect((await gateway.ask("/function/slow", { method: "POST", body: "a" })).status).toBe(504);
  });

  test("lets a function take longer than all others may, at once and queued", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder, { upstream_timeout: "300ms" });
    await gateway.deploy("slow", script(folder, "slow", "sleep 1.5; cat"), within("1m"));
    await gateway.deploy("other", "sleep 600");
    await untilReady(gateway, "other");
    const answer = await gateway.ask("/function/slow", { method: "POST", body: "a" });
    expect([answer.status, await answer.text()]).toEqual([200, "a"]);
    const other = await gateway.ask("/function/other", { method: "POST", body: "a" });
    expect([other.status, await other.text()]).toEqual([
      504,
      expect.stringContaining("longer than 300ms, which upstream_timeout allows"),
    ]);
    await submit(gateway, "slow", "call-1");
    const queued = await findOnce(gateway, "call-1", isOver);
    expect(queued).toMatchObject({ state: "completed", answer: { status: 200, body: "call-1" } });
  });
});
