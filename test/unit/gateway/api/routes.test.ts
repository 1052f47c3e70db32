import { test } from "vitest";
import { createRoutes } from "../../../../src/gateway/api/routes.ts";
import { DEFAULT_NAMESPACE, MemoryProvider } from "../../../support/memory-provider.ts";

const routes = createRoutes({
  provider: new MemoryProvider(),
  defaultNamespace: DEFAULT_NAMESPACE,
  version: { release: "1", sha: "a", commitMessage: "" },
  architecture: "x86_64",
  findProblems: () => [],
  reserveRoutes: () => () => {},
  isDraining: () => false,
  scale: async () => {},
  countInvocations: () => 0,
  onAlert: async () => ({ status: 200, body: "" }),
  onAsyncReport() {},
  metrics: () => "",
});
const rows = (scope: string) =>
  routes.filter((row) => row.scope === scope).map(({ method, path }) => `${method} ${path}`);

test("T33: what is open to everybody is health, metrics and the way to the page, and nothing else", ({
  expect,
}) => {
  expect(rows("open")).toEqual(["GET /healthz", "GET /metrics", "GET /"]);
});

test("whoever may only read can change nothing, and whoever may deploy makes no namespaces", ({
  expect,
}) => {
  expect(rows("read").every((row) => row.startsWith("GET "))).toBe(true);
  expect(rows("logs")).toEqual(["GET /system/logs"]);
  expect(rows("alert")).toEqual(["POST /system/alert"]);
  expect(rows("deploy")).toEqual([
    "POST /system/functions",
    "PUT /system/functions",
    "DELETE /system/functions",
    "POST /system/scale-function/{name}",
    "POST /system/secrets",
    "PUT /system/secrets",
    "DELETE /system/secrets",
  ]);
  expect(rows("admin").every((row) => /namespace|async-report/.test(row))).toBe(true);
});

test("no two rows are for the same request", ({ expect }) => {
  const requests = routes.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/, "{}")}`);
  expect(new Set(requests).size).toBe(requests.length);
});
