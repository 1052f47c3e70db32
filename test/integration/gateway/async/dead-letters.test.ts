import { describe, test } from "vitest";
import { createDataFolder, RunningGateway } from "../../../support/run-gateway.ts";
import { until } from "../../../support/until.ts";
import { find, findOnce, isOver, type Queued, submit } from "./queued.ts";

const ONCE = { annotations: { "com.openfaas.retry.attempts": "1" } };

const list = async (gateway: RunningGateway, query = "") =>
  (await (await gateway.ask(`/system/dead-letters${query}`)).json()) as Queued[];

const idsOf = async (gateway: RunningGateway, query = "") =>
  (await list(gateway, query)).map(({ callId }) => callId);

async function tell(gateway: RunningGateway, method: string, callIds: unknown) {
  const answer = await gateway.tell(method, "/system/dead-letters", { callIds });
  return answer.status === 200 ? await answer.json() : answer.status;
}

describe("dead letters", () => {
  test("are invocations with an answer that is too long to be kept, after one try", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    const envVars = { mode: "streaming", exec_timeout: "60s" };
    await gateway.deploy("long", "head -c 68000000 /dev/zero", { envVars });
    await submit(gateway, "long", "a");
    expect(await findOnce(gateway, "a", isOver)).toMatchObject({
      state: "dead",
      attempt: 1,
      reason: "the answer has over 67108864 bytes",
    });
  });

  test("are listed, redriven, one and all, and discarded", async ({ expect }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    await gateway.deploy("f", "false", ONCE);
    const ids = ["a", "b", "c", "d"];
    for (const id of ids) await submit(gateway, "f", id);
    for (const id of ids) await findOnce(gateway, id, isOver);
    expect((await idsOf(gateway)).sort()).toEqual(ids);
    const [newest, ...others] = await list(gateway);
    expect(newest).toMatchObject({
      state: "dead",
      attempt: 1,
      status: 500,
      reason: "given up after 1 tries: the function answered 500",
    });
    expect(await idsOf(gateway, `?limit=2&before=${newest?.callId}`)).toEqual(
      others.slice(0, 2).map(({ callId }) => callId),
    );
    await gateway.deploy("f", "cat", ONCE);
    await until("no old replica answers any more", async () => {
      return (await gateway.ask("/function/f", { method: "POST", body: "x" })).status === 200;
    });
    expect(await tell(gateway, "POST", ["a", "none"])).toEqual({ count: 1 });
    const again = await findOnce(gateway, "a", ({ state }) => state === "completed");
    expect(again).toMatchObject({ attempt: 2, answer: { status: 200, body: "a" } });
    expect(await tell(gateway, "DELETE", ["b"])).toEqual({ count: 1 });
    expect((await gateway.ask("/system/async/b")).status).toBe(404);
    expect(await tell(gateway, "POST", "all")).toEqual({ count: 2 });
    for (const id of ["c", "d"]) {
      const redriven = await findOnce(gateway, id, ({ state }) => state === "completed");
      expect(redriven.answer?.body).toBe(id);
    }
    expect(await idsOf(gateway)).toEqual([]);
    expect(await tell(gateway, "DELETE", "all")).toEqual({ count: 0 });
    expect(await tell(gateway, "POST", undefined)).toBe(400);
    expect(await tell(gateway, "DELETE", "some")).toBe(400);
  });

  test("hold what was queued for a function that is away, and run when it is back", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    const codes = { annotations: { "com.openfaas.retry.codes": "500" } };
    await gateway.deploy("f", "cat", codes);
    expect(await submit(gateway, "f", "a", { "X-Delay": "1s" })).toBe(202);
    await gateway.tell("DELETE", "/system/functions", { functionName: "f" });
    expect(await submit(gateway, "f", "b")).toBe(404);
    const waiting = await findOnce(gateway, "a", ({ reason }) => reason !== undefined);
    expect(waiting.reason).toMatch(/there is no function f/);
    expect(waiting.status).toBeUndefined();
    await gateway.deploy("f", "cat", codes);
    const ran = await findOnce(gateway, "a", ({ state }) => state === "completed");
    expect(ran.answer).toMatchObject({ status: 200, body: "a" });
    expect(await find(gateway, "a")).toEqual(ran);
  });
});
