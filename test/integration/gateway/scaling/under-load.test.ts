import { setTimeout as delay } from "node:timers/promises";
import { describe, onTestFinished, test } from "vitest";
import { findReplicas } from "../../../support/find-replicas.ts";
import { findLogged } from "../../../support/gateway-log.ts";
import { RecordingFunction } from "../../../support/recording-function.ts";
import { createDataFolder, RunningGateway } from "../../../support/run-gateway.ts";
import { until } from "../../../support/until.ts";

/** Several clients, each with one request behind the other, and what they were answered. */
function keepAsking(gateway: RunningGateway, path: string, clients: number) {
  const answers: { readonly callId: string; readonly status: number; readonly body: string }[] = [];
  let isOver = false;
  let asked = 0;
  const client = async () => {
    while (!isOver) {
      const callId = `call-${asked++}`;
      const headers = { "X-Call-Id": callId };
      const answer = await gateway.ask(path, { method: "POST", body: callId, headers });
      answers.push({ callId, status: answer.status, body: await answer.text() });
    }
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  const stop = async () => {
    isOver = true;
    await all;
    return answers;
  };
  onTestFinished(async () => void (await stop().catch(() => {})));
  return { answers, stop };
}

async function describeFunction(gateway: RunningGateway, name: string) {
  const found = await (await gateway.ask(`/system/function/${name}`)).json();
  return found as { readonly replicas: number; readonly availableReplicas: number };
}

describe("the autoscaler", () => {
  test("has as many replicas as constant load fills, and then leaves them alone", {
    timeout: 180_000,
  }, async ({ expect }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder);
    const slow = new RecordingFunction(folder, "0.4");
    // Four at a time, of which each replica takes two, at seven tenths of it: three.
    const labels = { "com.openfaas.scale.max": "6" };
    await gateway.deploy("slow", slow.command, { labels, envVars: { max_inflight: "2" } });
    const { answers, stop } = keepAsking(gateway, "/function/slow", 4);
    const replicas = async () => (await describeFunction(gateway, "slow")).replicas;
    await until("there are enough", async () => (await replicas()) >= 3, 60_000);
    await delay(5_000);
    const before = findLogged(gateway, "scaled").length;
    const asked = answers.length;
    await delay(10_000);
    expect(findLogged(gateway, "scaled").length).toBe(before);
    await stop();
    const steps = findLogged(gateway, "scaled").map(({ from, to }) => [Number(from), Number(to)]);
    expect(steps.every(([from = 0, to = 0]) => to > from)).toBe(true);
    expect(steps.length).toBeLessThanOrEqual(3);
    expect(await replicas()).toBeLessThanOrEqual(6);
    const statuses = answers.slice(asked).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(new Set(slow.runs).size).toBe(slow.runs.length);
  });
});

describe("replicas that are killed while they are used", () => {
  test("are started again; what was with one of them fails or is not lost, and nothing runs twice", {
    timeout: 180_000,
  }, async ({ expect }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder);
    const function_ = new RecordingFunction(folder, "0.05");
    const labels = { "com.openfaas.scale.min": "3", "com.openfaas.scale.max": "3" };
    await gateway.deploy("crashing", function_.command, { labels });
    const areReady = async () =>
      (await describeFunction(gateway, "crashing")).availableReplicas === 3;
    await until("all are there", areReady, 60_000);
    const { answers, stop } = keepAsking(gateway, "/function/crashing", 4);
    for (let kills = 0; kills < 4; kills++) {
      // Where it takes long to start one again, the last one there would be killed, and nobody left.
      const isAnotherThere = async () =>
        (await describeFunction(gateway, "crashing")).availableReplicas >= 2;
      await until("another one is there", isAnotherThere, 60_000);
      const asked = answers.length;
      await until("it is used", () => answers.length > asked + 10, 60_000);
      const [victim] = findReplicas(folder);
      expect(victim).toBeDefined();
      process.kill(victim as number, "SIGKILL");
      await until("it goes on", () => answers.length > asked + 30, 60_000);
    }
    await until("all are there again", areReady, 90_000);
    await stop();
    // Where a replica is a single file, its spawner is hit, and what is left of it still says what became of the function.
    const isFailed = ({ status, body }: (typeof answers)[number]) =>
      status === 502 || (status === 500 && body === "signal: killed\n");
    const wrong = answers.filter((answer) => answer.status !== 200 && !isFailed(answer));
    expect(wrong).toEqual([]);
    // Four clients: no kill can have more than four requests with it.
    const failed = answers.filter(isFailed);
    expect(failed.length).toBeLessThanOrEqual(16);
    for (const { callId, status, body } of answers) if (status === 200) expect(body).toBe(callId);
    expect(new Set(function_.runs).size).toBe(function_.runs.length);
    const ended = gateway.stderr.match(/crashing\S* has ended by itself: SIGKILL/g) ?? [];
    expect(ended.length).toBeGreaterThanOrEqual(4);
  });

  test("a request that one replica has no place for is served by another: of two, two at a time never are refused", {
    timeout: 120_000,
  }, async ({ expect }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder);
    const single = new RecordingFunction(folder, "0.05");
    const labels = { "com.openfaas.scale.min": "2", "com.openfaas.scale.max": "2" };
    const envVars = { max_inflight: "1" };
    await gateway.deploy("single", single.command, { labels, envVars });
    const areReady = async () =>
      (await describeFunction(gateway, "single")).availableReplicas === 2;
    await until("both are there", areReady, 60_000);
    const { answers, stop } = keepAsking(gateway, "/function/single", 2);
    await until("enough are asked", () => answers.length > 60, 60_000);
    await stop();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(single.runs.toSorted()).toEqual(answers.map(({ callId }) => callId).toSorted());
  });
});
