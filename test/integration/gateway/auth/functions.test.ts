import { join } from "node:path";
import { describe, test } from "vitest";
import { TokenStore } from "../../../../src/gateway/auth/tokens.ts";
import { createDataFolder, RunningGateway } from "../../../support/run-gateway.ts";
import { TokenIssuer } from "../../../support/token-issuer.ts";

async function start(variables: Readonly<Record<string, string>> = {}) {
  const folder = createDataFolder();
  const tokens = new TokenStore(join(folder, "tokens.json"));
  const createKey = (functions: readonly string[], expiresAt?: Date) =>
    tokens.create({ name: "test", scopes: ["invoke"], functions, expiresAt }).secret;
  const keys = {
    any: createKey([]),
    other: createKey(["other.openfaas-fn"]),
    own: createKey(["closed.openfaas-fn"]),
    expired: createKey([], new Date(Date.now() - 1_000)),
  };
  const gateway = await RunningGateway.start(folder, variables);
  const ask = async (path: string, headers: Record<string, string> = {}) =>
    await gateway.ask(path, { method: "POST", body: "a", headers });
  const statusOf = async (path: string, headers: Record<string, string> = {}) =>
    (await ask(path, headers)).status;
  return { gateway, keys, ask, statusOf };
}

describe("a function that asks for a key", () => {
  test("takes keys that are for it, in either header, and no other", async ({ expect }) => {
    const { gateway, keys, ask, statusOf } = await start();
    await gateway.deploy("closed", "env", { annotations: { "breeze.auth": "api-key" } });
    const path = "/function/closed";
    expect(await statusOf(path)).toBe(401);
    expect(await statusOf(path, { "X-Api-Key": "guessed" })).toBe(401);
    expect(await statusOf(path, { "X-Api-Key": keys.expired })).toBe(401);
    expect(await statusOf(path, { "X-Api-Key": keys.other })).toBe(403);
    expect(await statusOf(path, { Authorization: `Bearer ${keys.own}` })).toBe(200);
    const answer = await ask(path, { "X-Api-Key": keys.any });
    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toContain(keys.any);
    // What is good for functions is good for nothing else.
    const authorization = `Bearer ${keys.any}`;
    const closed = await start({ basic_auth: "true" });
    expect(
      (await closed.gateway.ask("/system/functions", { headers: { authorization } })).status,
    ).toBe(401);
  });
});

describe("a function that asks for an issuer's token", () => {
  test("takes those of its issuer for its audience, and passes them on", async ({ expect }) => {
    const issuer = await TokenIssuer.start();
    const { gateway, ask, statusOf } = await start();
    const annotations = {
      "breeze.auth": "jwt",
      "breeze.auth.jwks": `${issuer.url}/keys`,
      "breeze.auth.issuer": issuer.url,
      "breeze.auth.audience": "shop",
    };
    expect(await gateway.deploy("shop", "env", { annotations })).toBe(202);
    const bearer = async (claims: object) => ({
      Authorization: `Bearer ${await issuer.sign(claims)}`,
    });
    expect(await statusOf("/function/shop")).toBe(401);
    expect(await statusOf("/function/shop", await bearer({ aud: "other" }))).toBe(401);
    expect(await statusOf("/function/shop", await bearer({ aud: "shop", iss: "other" }))).toBe(401);
    expect(await statusOf("/function/shop", await bearer({ aud: "shop", exp: 1 }))).toBe(401);
    expect(await statusOf("/async-function/shop")).toBe(401);
    const good = await bearer({ aud: "shop" });
    const answer = await ask("/function/shop", good);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(`Http_Authorization=${good.Authorization}`);
    expect(issuer.asked).toBe(1);
    expect(await statusOf("/async-function/shop", good)).toBe(202);
  });
});

describe("a function with limits", () => {
  test("refuses what is too much of it with 429 and when to come again, and runs nothing then", async ({
    expect,
  }) => {
    const { gateway, ask, statusOf } = await start();
    await gateway.deploy("few", "cat", { annotations: { "breeze.rate-limit": "2/h burst 2" } });
    await gateway.deploy("many", "cat");
    expect([await statusOf("/function/few"), await statusOf("/function/few")]).toEqual([200, 200]);
    const refused = await ask("/function/few");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(60);
    expect(await statusOf("/async-function/few")).toBe(429);
    expect(await statusOf("/function/many")).toBe(200);
  });

  test("counts callers apart, as the proxy in front names them, and nobody else's word for it", async ({
    expect,
  }) => {
    const annotations = { "breeze.rate-limit.caller": "1/h" };
    const from = (address: string) => ({ "X-Forwarded-For": address });
    const proxied = await start({ trusted_proxies: "127.0.0.0/8" });
    await proxied.gateway.deploy("few", "cat", { annotations });
    expect(await proxied.statusOf("/function/few", from("203.0.113.1"))).toBe(200);
    expect(await proxied.statusOf("/function/few", from("203.0.113.1"))).toBe(429);
    expect(await proxied.statusOf("/function/few", from("203.0.113.2"))).toBe(200);
    const direct = await start();
    await direct.gateway.deploy("few", "cat", { annotations });
    expect(await direct.statusOf("/function/few", from("203.0.113.1"))).toBe(200);
    expect(await direct.statusOf("/function/few", from("203.0.113.2"))).toBe(429);
  });
});
