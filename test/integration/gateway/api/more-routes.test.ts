import { test } from "vitest";
import { sayJson } from "../../../../src/gateway/api/answer.ts";
import { defineRoute } from "../../../../src/gateway/api/route.ts";
import { startApi, UNAUTHORIZED } from "../../../support/start-api.ts";

const row = defineRoute({
  method: "GET",
  path: "/system/async/{callId}",
  scope: "admin",
  summary: "Says what became of an invocation",
  success: { status: 200, description: "As it is" },
  failures: [404],
  answer: ({ params }) => sayJson(params.callId),
});

test("a row of others is served, described, and behind the same gate", async ({ expect }) => {
  const { ask, scopes, api } = await startApi({ moreRoutes: [row] });
  expect(await ask("GET", "/system/async/a%20b")).toMatchObject({ status: 200, body: '"a b"' });
  expect((await ask("POST", "/system/async/a")).status).toBe(405);
  expect(scopes).toEqual(["admin", undefined]);
  expect(api.routes).toContain(row);
  expect((await ask("GET", "/system/openapi.json")).body).toContain(row.path);
  const closed = await startApi({ moreRoutes: [row], gate: () => UNAUTHORIZED });
  expect((await closed.ask("GET", "/system/async/a")).status).toBe(401);
});
