import { test } from "vitest";
import { startApi } from "../../../support/start-api.ts";

test("the versions of gateway and provider are never empty", async ({ expect }) => {
  const { ask } = await startApi();
  const { status, body } = await ask("GET", "/system/info");
  const version = { commit_message: "Begin", sha: "abc", release: "1.2.3" };
  expect([status, JSON.parse(body)]).toEqual([
    200,
    {
      provider: { provider: "memory", orchestration: "none", version },
      version,
      arch: "x86_64",
    },
  ]);
});

test("health is 200 while the provider answers and 502 when it does not", async ({ expect }) => {
  const { ask, provider, scopes } = await startApi();
  expect(await ask("GET", "/healthz")).toMatchObject({ status: 200, body: "OK" });
  provider.failure = new Error("at db.internal:5432");
  const { status, body } = await ask("GET", "/healthz");
  expect([status, body]).toEqual([502, "the provider memory does not answer\n"]);
  expect(scopes).toEqual([]);
});

test("metrics are in Prometheus's text format", async ({ expect }) => {
  const { ask } = await startApi();
  const { status, body, header } = await ask("GET", "/metrics");
  expect([status, body]).toEqual([200, "up 1\n"]);
  expect(header("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
});

test("the front page leads to the page for people", async ({ expect }) => {
  const { ask } = await startApi();
  const { status, header } = await ask("GET", "/");
  expect([status, header("location")]).toEqual([307, "/ui/"]);
});

test("what Alertmanager sends is handed on as it came", async ({ expect }) => {
  const { ask, alerts } = await startApi();
  const body = '{"receiver":"scale-up", "alerts":[{"status":"firing"}]}';
  const plain = "Content-Type: text/plain\r\n";
  expect(await ask("POST", "/system/alert", body, plain)).toMatchObject({ status: 200, body: "" });
  expect(await ask("POST", "/system/alert")).toMatchObject({ status: 200 });
  expect(alerts).toEqual([body, ""]);
});

test("what is said to Alertmanager is passed on as text", async ({ expect }) => {
  const { ask } = await startApi({ alertAnswer: { status: 500, body: "[0] no such function\n" } });
  const { status, body, header } = await ask("POST", "/system/alert", "{}");
  expect([status, body]).toEqual([500, "[0] no such function\n"]);
  expect(header("content-type")).toBe("text/plain; charset=utf-8");
});

test("a queue worker's report is counted for the function that it names", async ({ expect }) => {
  const { ask, reports } = await startApi();
  const report = { name: "echo.openfaas-fn", statusCode: 200, timeTaken: 0.25 };
  expect(await ask("POST", "/system/async-report", report)).toMatchObject({ status: 200 });
  expect(reports).toEqual([[{ name: "echo", namespace: "openfaas-fn" }, report]]);
});
