import { describe, test } from "vitest";
import { FunctionGate } from "../../../../src/gateway/auth/function-gate.ts";
import { parseFunctionRules } from "../../../../src/gateway/auth/function-rules.ts";
import type { Scope, TokenRecord } from "../../../../src/gateway/auth/token.ts";
import { asking } from "./asking.ts";

const token = (scopes: readonly Scope[], functions: readonly string[] = []): TokenRecord => ({
  ...{ id: "id", name: "", scopes, functions },
  ...{ createdAt: new Date(), expiresAt: undefined },
});
const TOKENS: Readonly<Record<string, TokenRecord>> = {
  any: token(["invoke"]),
  this: token(["invoke"], ["other.ns", "fn.ns"]),
  other: token(["invoke"], ["other.ns"]),
  reader: token(["read"]),
};

function gate(annotations: Readonly<Record<string, string>>, now = () => 0) {
  const rules = parseFunctionRules(annotations);
  if ("problems" in rules) throw new Error(rules.problems.join());
  return new FunctionGate({
    reference: "fn.ns",
    rules,
    tokens: { find: (secret) => TOKENS[secret] },
    keys: { judge: async () => undefined },
    now,
  });
}

const CALLER = "192.0.2.1";

describe("a function without rules", () => {
  test("lets everybody in at once, and keeps no header from the function", ({ expect }) => {
    const open = gate({});
    expect(open.admit(asking({ authorization: "Bearer x" }), CALLER)).toBeUndefined();
    expect(open.credentialHeaders(asking({ "x-api-key": "x" }))).toEqual([]);
  });
});

describe("a function that asks for a key", () => {
  const closed = gate({ "breeze.auth": "api-key" });

  test.for([
    [{}, 401],
    [{ "x-api-key": "" }, 401],
    [{ "x-api-key": "unknown" }, 401],
    [{ "x-api-key": "any" }, undefined],
    [{ "x-api-key": "this" }, undefined],
    [{ authorization: "Bearer this" }, undefined],
    [{ "x-api-key": "unknown", authorization: "Bearer this" }, 401],
    [{ "x-api-key": "other" }, 403],
    [{ "x-api-key": "reader" }, 403],
  ] as const)("T33: answers %j with %s", async ([headers, status], { expect }) => {
    const denial = await closed.admit(asking(headers), CALLER);
    expect(denial?.status).toBe(status);
    if (status === 401) expect(denial?.headers).toHaveProperty("WWW-Authenticate");
  });

  test("T34: keeps the key from the function, and its own Authorization to it", ({ expect }) => {
    const withKey = asking({ "x-api-key": "any", authorization: "Bearer the-functions-own" });
    expect(closed.credentialHeaders(withKey)).toEqual(["x-api-key"]);
    const bearer = asking({ authorization: "Bearer any" });
    expect(closed.credentialHeaders(bearer)).toEqual(["authorization"]);
  });

  test.for(["Bearer any", "bearer  any", "Bearer reader"])(
    "T34: keeps a key from the function in either header: %s beside X-Api-Key",
    (authorization, { expect }) => {
      const both = asking({ "x-api-key": "any", authorization });
      expect(closed.credentialHeaders(both)).toEqual(["x-api-key", "authorization"]);
    },
  );

  test.for(["Basic any", "Bearer", "any"])(
    "passes on %s beside X-Api-Key",
    (authorization, { expect }) => {
      const both = asking({ "x-api-key": "any", authorization });
      expect(closed.credentialHeaders(both)).toEqual(["x-api-key"]);
    },
  );
});

describe("a function with limits", () => {
  test("answers 429 with the time to wait, and the limit", async ({ expect }) => {
    let nowMs = 0;
    const limited = gate({ "breeze.rate-limit": "6/m burst 2" }, () => nowMs);
    const statuses = [1, 2, 3].map(() => limited.admit(asking(), CALLER));
    expect(statuses.slice(0, 2)).toEqual([undefined, undefined]);
    expect(statuses[2]).toMatchObject({
      status: 429,
      headers: { "Retry-After": "10" },
      body: "Too many requests: more than 6/m burst 2 for this function.\n",
    });
    nowMs = 10_000;
    expect(limited.admit(asking(), CALLER)).toBeUndefined();
  });

  test("for each caller lets one not take the place of another", ({ expect }) => {
    const limited = gate({ "breeze.rate-limit.caller": "1/s" });
    expect(limited.admit(asking(), CALLER)).toBeUndefined();
    expect(limited.admit(asking(), CALLER)).toMatchObject({ status: 429 });
    expect(limited.admit(asking(), "192.0.2.2")).toBeUndefined();
  });

  test("and a key is not used up by those who have none", async ({ expect }) => {
    const limited = gate({ "breeze.auth": "api-key", "breeze.rate-limit": "1/h" });
    for (let index = 0; index < 5; index += 1) {
      expect(await limited.admit(asking({ "x-api-key": "guess" }), CALLER)).toMatchObject({
        status: 401,
      });
    }
    expect(await limited.admit(asking({ "x-api-key": "any" }), CALLER)).toBeUndefined();
    expect(await limited.admit(asking({ "x-api-key": "any" }), CALLER)).toMatchObject({
      status: 429,
    });
  });

  test("T33: limits guessing, too", async ({ expect }) => {
    const limited = gate({ "breeze.auth": "api-key", "breeze.rate-limit.caller": "1/h burst 3" });
    const guesses = [1, 2, 3, 4].map(() => limited.admit(asking({ "x-api-key": "guess" }), CALLER));
    const denials = await Promise.all(guesses);
    expect(denials.map((denial) => denial?.status)).toEqual([401, 401, 401, 429]);
  });
});
