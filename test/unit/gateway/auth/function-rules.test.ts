import { describe, test } from "vitest";
import { parseFunctionRules } from "../../../../src/gateway/auth/function-rules.ts";

const JWT = {
  "breeze.auth": "jwt",
  "breeze.auth.jwks": "https://issuer.example.com/keys",
  "breeze.auth.issuer": "https://issuer.example.com",
  "breeze.auth.audience": "functions",
};

describe("a function's annotations", () => {
  test("say nothing: anybody may invoke it, as often as they like", ({ expect }) => {
    const rules = { invoke: { kind: "anybody" }, rate: undefined, callerRate: undefined };
    expect(parseFunctionRules({ topic: "x" })).toEqual(rules);
  });

  test("say who, and how often", ({ expect }) => {
    const limits = { "breeze.rate-limit": "100/s", "breeze.rate-limit.caller": "10/s burst 20" };
    expect(parseFunctionRules({ ...JWT, ...limits })).toEqual({
      invoke: {
        kind: "jwt",
        keysUrl: "https://issuer.example.com/keys",
        issuer: "https://issuer.example.com",
        audience: "functions",
      },
      rate: { perSecond: 100, burst: 100, text: "100/s" },
      callerRate: { perSecond: 10, burst: 20, text: "10/s burst 20" },
    });
    expect(parseFunctionRules({ "breeze.auth": "api-key" })).toMatchObject({
      invoke: { kind: "api-key" },
    });
  });

  test.for<[Record<string, string>, RegExp]>([
    [{ "breeze.auth": "none" }, /^breeze\.auth: expected api-key or jwt$/],
    [{ "breeze.auth": "" }, /^breeze\.auth: expected/],
    [{ ...JWT, "breeze.auth.audience": " " }, /^breeze\.auth\.audience: expected the audience/],
    [{ ...JWT, "breeze.auth.issuer": "" }, /^breeze\.auth\.issuer: expected the issuer/],
    [{ ...JWT, "breeze.auth.jwks": "file:///etc/passwd" }, /^breeze\.auth\.jwks: expected an add/],
    [{ ...JWT, "breeze.auth.jwks": "https://u:p@x/" }, /^breeze\.auth\.jwks: expected an address/],
    [{ "breeze.auth.issuer": "https://x" }, /^breeze\.auth\.issuer: needs breeze\.auth: jwt$/],
    [{ "breeze.rate-limit": "many" }, /^breeze\.rate-limit: expected a rate/],
    [{ "breeze.rate-limit.caller": "0/s" }, /^breeze\.rate-limit\.caller: expected a rate/],
  ])(
    "T33: that cannot be used are refused, never ignored: %j",
    ([annotations, problem], { expect }) => {
      expect(parseFunctionRules(annotations)).toEqual({
        problems: [expect.stringMatching(problem)],
      });
    },
  );

  test("are all named that cannot be used", ({ expect }) => {
    const rules = parseFunctionRules({ "breeze.auth": "jwt", "breeze.rate-limit": "" });
    expect("problems" in rules ? rules.problems : []).toHaveLength(4);
  });
});
