import { test } from "vitest";
import { findFreePort } from "../../../bench/server/free-port.ts";
import { createDataFolder, findProcessesIn, RunningGateway } from "../../support/run-gateway.ts";
import { until } from "../../support/until.ts";

test("while it drains, both ports say so with 503 at /healthz, and newcomers are still served", async ({
  expect,
}) => {
  const folder = createDataFolder();
  const metricsPort = await findFreePort();
  const gateway = await RunningGateway.start(folder, {
    drain_grace: "5m",
    metrics_port: String(metricsPort),
  });
  await gateway.deploy("cat", "cat");
  const post = { method: "POST", body: "hello" };
  expect(await (await gateway.ask("/function/cat", post)).text()).toBe("hello");
  const ask = async () => [
    (await gateway.ask("/healthz")).status,
    (await fetch(`http://127.0.0.1:${metricsPort}/healthz`)).status,
  ];
  expect(await ask()).toEqual([200, 200]);
  gateway.process.kill("SIGTERM");
  await until("it says so", async () => (await gateway.ask("/healthz")).status === 503);
  expect(await ask()).toEqual([503, 503]);
  const answer = await gateway.ask("/function/cat", post);
  expect([answer.status, await answer.text()]).toEqual([200, "hello"]);
  gateway.process.kill("SIGTERM");
  expect(await gateway.ended()).toBe(0);
  expect(findProcessesIn(folder)).toEqual([]);
});
