import { describe, test } from "vitest";
import { createCallerResolver } from "../../../../src/gateway/auth/caller.ts";
import { Credentials } from "../../../../src/gateway/auth/credentials.ts";
import type { Gate } from "../../../../src/gateway/auth/gate.ts";
import { createSystemAccess } from "../../../../src/gateway/auth/system-access.ts";
import { SCOPES, type Scope, type TokenRecord } from "../../../../src/gateway/auth/token.ts";
import { toBasicAuth } from "../../../support/basic-auth.ts";
import { asking } from "./asking.ts";

const CLOSED: Gate = {
  kind: "closed",
  credentials: new Credentials("admin", "s3cret"),
  passwordFile: "/run/secrets/basic-auth-password",
  userFile: undefined,
};

/** Knows a token for each scope, called as it. */
const tokens = {
  find: (secret: string): TokenRecord | undefined => {
    const scope = SCOPES.find((known) => known === secret);
    if (scope === undefined) return undefined;
    const createdAt = new Date();
    return {
      id: `id-${scope}`,
      name: "",
      scopes: [scope],
      functions: [],
      createdAt,
      expiresAt: undefined,
    };
  },
};

function access(gate: Gate = CLOSED, alertAuth: "closed" | "open" = "closed") {
  return createSystemAccess({
    gate,
    alertAuth,
    tokens,
    hosts: [],
    caller: createCallerResolver([]),
  });
}

const OTHERS = SCOPES.filter((scope) => scope !== "admin");

describe("T33: a closed gateway", () => {
  test.for(SCOPES)(
    "lets nobody do what needs the scope %s who says nothing",
    (scope, { expect }) => {
      expect(access().authorize(asking(), scope)).toEqual({
        status: 401,
        headers: {
          "Content-Type": "text/plain; charset=utf-8",
          "X-Content-Type-Options": "nosniff",
          "WWW-Authenticate": 'Basic realm="Restricted"',
        },
        body: "invalid credentials",
        reason: "no credentials",
      });
    },
  );

  test.for(SCOPES)("lets who has the password do what needs the scope %s", (scope, { expect }) => {
    const right = asking({ authorization: toBasicAuth("admin", "s3cret") });
    const wrong = asking({ authorization: toBasicAuth("admin", "secret") });
    expect(access().authorize(right, scope)).toBeUndefined();
    expect(access().authorize(wrong, scope)).toMatchObject({ status: 401 });
  });

  test.for(SCOPES)("lets a token of the scope admin do what needs %s", (scope, { expect }) => {
    const request = asking({ authorization: "Bearer admin" });
    expect(access().authorize(request, scope)).toBeUndefined();
  });

  test.for(OTHERS)(
    "lets a token of the scope %s do that, and nothing else",
    (scope, { expect }) => {
      const request = asking({ authorization: `Bearer ${scope}` });
      const allowed = SCOPES.filter((asked) => access().authorize(request, asked) === undefined);
      expect(allowed).toEqual([scope] satisfies Scope[]);
      expect(access().authorize(request, "admin")).toMatchObject({
        status: 403,
        body: `the token id-${scope} has not the scope admin\n`,
      });
    },
  );

  test("tells only those it knows what there is not", ({ expect }) => {
    const { authorize } = access();
    expect(authorize(asking(), undefined)).toMatchObject({ status: 401 });
    expect(authorize(asking({ authorization: "Bearer unknown" }), undefined)?.status).toBe(401);
    expect(authorize(asking({ authorization: "Bearer logs" }), undefined)).toBeUndefined();
    const password = asking({ authorization: toBasicAuth("admin", "s3cret") });
    expect(authorize(password, undefined)).toBeUndefined();
  });

  test("T34: repeats nothing of a token that it does not know", ({ expect }) => {
    const denial = access().authorize(asking({ authorization: "Bearer hunter2" }), "read");
    expect(denial).toMatchObject({ status: 401, body: "invalid credentials" });
    expect(JSON.stringify(denial)).not.toContain("hunter2");
  });

  test("does not let a page of another site use the password that a browser remembers", ({
    expect,
  }) => {
    const authorization = toBasicAuth("admin", "s3cret");
    const of = (site: string) => asking({ authorization, "sec-fetch-site": site });
    expect(access().authorize(of("cross-site"), "deploy")).toMatchObject({ status: 403 });
    expect(access().authorize(of("same-origin"), "deploy")).toBeUndefined();
  });

  test("is called by any host", ({ expect }) => {
    const headers = { host: "any.example", authorization: toBasicAuth("admin", "s3cret") };
    expect(access().authorize(asking(headers), "read")).toBeUndefined();
  });
});

describe("T33: the alert webhook", () => {
  test("asks for a password or a token of its own, where nobody said otherwise", ({ expect }) => {
    expect(access().authorize(asking(), "alert")).toMatchObject({ status: 401 });
    const token = asking({ authorization: "Bearer alert" });
    expect(access().authorize(token, "alert")).toBeUndefined();
  });

  test("stands open where the operator said so, and nothing else with it", ({ expect }) => {
    const { authorize } = access(CLOSED, "open");
    expect(authorize(asking({ host: "gateway:8080" }), "alert")).toBeUndefined();
    for (const scope of SCOPES.filter((other) => other !== "alert")) {
      expect(authorize(asking({ host: "gateway:8080" }), scope)).toMatchObject({ status: 401 });
    }
  });

  test("is not open to web pages", ({ expect }) => {
    const page = asking({ host: "gateway:8080", origin: "http://evil.example" });
    expect(access(CLOSED, "open").authorize(page, "alert")).toMatchObject({ status: 403 });
  });
});

describe("T33: an open gateway", () => {
  test.for(SCOPES)(
    "lets everybody do what needs the scope %s, but no web page",
    (scope, { expect }) => {
      const { authorize } = access({ kind: "open" });
      expect(authorize(asking({ host: "127.0.0.1:8080" }), scope)).toBeUndefined();
      const page = asking({ host: "127.0.0.1:8080", "sec-fetch-site": "cross-site" });
      expect(authorize(page, scope)).toMatchObject({ status: 403 });
      expect(authorize(asking({ host: "evil.example" }), scope)).toMatchObject({ status: 403 });
    },
  );
});
