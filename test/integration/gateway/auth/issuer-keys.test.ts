import { describe, test } from "vitest";
import { IssuerKeys } from "../../../../src/gateway/auth/issuer-keys.ts";
import { createKey, forge, now, TokenIssuer } from "../../../support/token-issuer.ts";

/** A function that takes tokens of an issuer for the audience `functions`. */
async function start() {
  const issuer = await TokenIssuer.start();
  const keys = new IssuerKeys({ timeoutDuration: 5_000, cooldownDuration: 0 });
  const rule = {
    kind: "jwt",
    keysUrl: `${issuer.url}/keys`,
    issuer: issuer.name,
    audience: "functions",
  } as const;
  return {
    issuer,
    judge: (token: string) => keys.judge(token, rule),
    sign: (claims: object = {}, key = issuer.key) =>
      issuer.sign({ aud: "functions", ...claims }, key),
  };
}

describe("a function that asks for a token", () => {
  test("takes one of its issuer's, for its audience", async ({ expect }) => {
    const { judge, sign } = await start();
    expect(await judge(await sign())).toBeUndefined();
    expect(await judge(await sign({ aud: ["others", "functions"] }))).toBeUndefined();
  });

  test.for([
    ["that is over", { exp: now() - 60 }],
    ["without an end", { exp: undefined }],
    ["that begins later", { nbf: now() + 60 }],
    ["for another audience", { aud: "others" }],
    ["for no audience", { aud: undefined }],
    ["of another issuer", { iss: "http://evil.example" }],
    ["of no issuer", { iss: undefined }],
  ] as const)("T33: does not take one %s", async ([, claims], { expect }) => {
    const { judge, sign } = await start();
    const denial = await judge(await sign(claims));
    expect(denial).toMatchObject({ status: 401 });
    expect(denial?.headers["WWW-Authenticate"]).toBe('Bearer error="invalid_token"');
  });

  test("T33: does not take one that somebody else signed, or nobody", async ({ expect }) => {
    const { issuer, judge, sign } = await start();
    const thief = await createKey(issuer.key.id);
    const claims = { iss: issuer.name, aud: "functions", exp: now() + 60 };
    const forged = [
      "",
      "nonsense",
      "a.b.c",
      "x".repeat(100_000),
      await sign({}, thief),
      forge({ alg: "none" }, claims),
      forge({ alg: "HS256", kid: issuer.key.id }, claims, JSON.stringify(issuer.key.publicJwk)),
    ];
    for (const token of forged) expect(await judge(token)).toMatchObject({ status: 401 });
  });

  test("T34: repeats nothing of a token that it does not take", async ({ expect }) => {
    const { judge, sign } = await start();
    const token = await sign({ exp: now() - 60 });
    const said = JSON.stringify(await judge(token));
    for (const part of token.split(".")) expect(said).not.toContain(part);
  });

  test("fetches the keys once, and again for one that it does not know", async ({ expect }) => {
    const { issuer, judge, sign } = await start();
    for (let index = 0; index < 3; index += 1) await judge(await sign());
    expect(issuer.asked).toBe(1);
    await issuer.rotate("second");
    expect(await judge(await sign())).toBeUndefined();
    expect(issuer.asked).toBe(2);
  });

  test("says 503 while the keys cannot be had, and to the log why", async ({ expect }) => {
    const { issuer, judge, sign } = await start();
    issuer.override = (_request, response) => response.writeHead(500).end();
    expect(await judge(await sign())).toMatchObject({
      status: 503,
      body: "The keys that tokens are checked with cannot be had.\n",
      reason: expect.stringContaining(`${issuer.url}/keys`),
    });
    issuer.override = (_request, response) => response.end('{"keys":"none"}');
    expect(await judge(await sign())).toMatchObject({ status: 503 });
    issuer.override = undefined;
    expect(await judge(await sign())).toBeUndefined();
  });
});
