import { fileURLToPath } from "node:url";
import { test } from "vitest";
import { pageRoutes } from "../../../src/gateway/ui/page-routes.ts";
import { startApi, UNAUTHORIZED } from "../../support/start-api.ts";

const folder = fileURLToPath(new URL("../../../src/gateway/ui/page", import.meta.url));
const moreRoutes = pageRoutes(folder);

test("the page is served as what it is, with a policy that allows no script but its own", async ({
  expect,
}) => {
  const { ask } = await startApi({ moreRoutes });
  for (const path of ["/", "/ui"]) {
    const answer = await ask("GET", path);
    expect([answer.status, answer.header("location")]).toEqual([307, "/ui/"]);
  }
  const page = await ask("GET", "/ui/");
  expect([page.status, page.header("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect((await ask("GET", "/ui/main.js")).header("content-type")).toMatch("text/javascript");
  const policy = page.header("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  expect((await ask("GET", "/ui/page-routes.ts")).status).toBe(404);
  expect((await ask("GET", "/ui/../page-routes.ts")).status).not.toBe(200);
});

test("T33: nobody sees the page who is not let in", async ({ expect }) => {
  const { ask, scopes } = await startApi({ moreRoutes, gate: () => UNAUTHORIZED });
  for (const { path } of moreRoutes.filter(({ scope }) => scope !== "open")) {
    expect((await ask("GET", path)).status, path).toBe(401);
  }
  expect(new Set(scopes)).toEqual(new Set(["read"]));
});
