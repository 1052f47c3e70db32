import { test } from "vitest";
import { startApi } from "../../../support/start-api.ts";
import { until } from "../../../support/until.ts";

test("a function is neither deployed nor updated where somebody has found problems, and they are told", async ({
  expect,
}) => {
  const findProblems = () => ["one: bad", "two: worse"];
  const { ask, provider } = await startApi({ findProblems });
  const body = { service: "cat", image: "cat" };
  for (const method of ["POST", "PUT"]) {
    const said = await ask(method, "/system/functions", body);
    expect([said.status, said.body]).toEqual([400, "one: bad; two: worse\n"]);
  }
  expect(await provider.list("openfaas-fn")).toEqual([]);
});

test("each request is counted by its row, with its status, and none by a path that is no row's", async ({
  expect,
}) => {
  const { ask, answered } = await startApi();
  await ask("GET", "/system/function/none");
  await ask("DELETE", "/system/function/none");
  await ask("GET", "/system/nowhere");
  await until("all are counted", () => answered.length === 3);
  expect(answered.map(([method, path, status]) => [method, path, status])).toEqual([
    ["GET", "/system/function/{name}", 404],
    ["DELETE", "/system/function/{name}", 405],
    ["GET", undefined, 404],
  ]);
});
