import fc from "fast-check";
import { describe, test } from "vitest";
import { startGuarded } from "../../support/start-guarded.ts";
import { toGet } from "../../support/start-watchdog.ts";
import { bearer, now } from "../../support/token-issuer.ts";
import { until } from "../../support/until.ts";

const MISSING = "Bearer must be present in Authorization header\n";
const failed = (reason: string) => `failed to parse JWT token: ${reason}\n`;

describe("a request without a good token is refused with 401", () => {
  test("word for word as the Go watchdogs do", async ({ expect }) => {
    const { watchdog } = await startGuarded();
    const answer = await watchdog.ask(toGet("/"));
    expect([answer.status, answer.body]).toEqual([401, MISSING]);
    const names = ["content-type", "www-authenticate", "x-content-type-options"];
    expect([...names, "x-openfaas-internal"].map((name) => answer.header(name))).toEqual([
      "text/plain; charset=utf-8",
      "Bearer realm=IAM function invoke",
      "nosniff",
      "faas-middleware",
    ]);
    await until("it is counted", () => watchdog.telemetry.invocations.length === 1);
    expect(watchdog.telemetry.ended).toEqual([{ method: "GET", status: 401 }]);
    const [record] = watchdog.telemetry.invocations;
    expect(record).toMatchObject({ outcome: "refused", denied: MISSING.trimEnd() });
    expect(watchdog.telemetry.processes).toBe(0);
  });

  test("where it has expired, is not valid yet, or is another's", async ({ expect }) => {
    const { askFor } = await startGuarded();
    const claims: [object, string][] = [
      [{ exp: now() - 10 }, "token is expired"],
      [{ exp: undefined }, "token is missing required claim: exp claim is required"],
      [{ exp: "never" }, "invalid type for claim: exp is invalid"],
      [{ nbf: now() + 60 }, "token is not valid yet"],
      [{ aud: "http://other" }, "token has invalid audience"],
      [{ aud: undefined }, "token is missing required claim: aud claim is required"],
      [{ iss: "http://other" }, "token has invalid issuer"],
      [{ iss: undefined }, "token is missing required claim: iss claim is required"],
    ];
    for (const [claim, reason] of claims) {
      const { status, body } = await askFor(claim);
      expect([status, body]).toEqual([401, failed(`token has invalid claims: ${reason}`)]);
    }
  });

  test("unless jwt_auth_no_expiry=true: then a token may be good for ever", async ({ expect }) => {
    const { askFor } = await startGuarded({ jwt_auth_no_expiry: "true" });
    expect((await askFor({ exp: undefined })).status).toBe(200);
    expect((await askFor({ exp: now() - 10 })).status).toBe(401);
  });

  test("where the first of several tokens is not good (T5)", async ({ expect }) => {
    const { issuer, watchdog } = await startGuarded();
    const token = await issuer.sign();
    const answers = await Promise.all([
      watchdog.ask(toGet("/", `${bearer(token)}Authorization: x\r\n`)),
      watchdog.ask(toGet("/", `Authorization: x\r\n${bearer(token)}`)),
      watchdog.ask(toGet("/", `Authorization:\r\n${bearer(token)}`)),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401]);
  });

  test("where it is no token at all, whatever it is instead", async ({ expect }) => {
    const { ask, watchdog } = await startGuarded();
    expect((await watchdog.ask(toGet("/", "Authorization: Basic dTpw\r\n"))).body).toBe(
      failed("token is malformed: token contains an invalid number of segments"),
    );
    const parts = [".", "a", "e30", "{}", "=", "-", " ", "\t", "é", "eyJhbGciOiJFUzI1NiJ9", "null"];
    const random = fc.oneof(
      fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((list) => list.join("")),
      fc.tuple(fc.json(), fc.json()).map(([header, claims]) => {
        const encode = (json: string) => Buffer.from(json).toString("base64url");
        return `${encode(header)}.${encode(claims)}.${encode("x")}`;
      }),
    );
    const hostile = async (token: string) => {
      const answer = await ask(token.slice(0, 8000));
      expect([token, answer.status]).toEqual([token, 401]);
    };
    await fc.assert(fc.asyncProperty(random, hostile), { numRuns: 200 });
    expect(watchdog.telemetry.processes).toBe(0);
  });

  test("where it is too large to be worth a look", async ({ expect }) => {
    const { ask } = await startGuarded();
    const deep = Buffer.from(`{"kid":${"[".repeat(600_000)}`).toString("base64url");
    for (const token of [`${deep}.e30.x`, ".".repeat(500_000), "a".repeat(17_000)]) {
      const { status, body } = await ask(token);
      expect([status, body]).toEqual([401, failed("token is malformed: it is too long")]);
    }
  });
});

describe("a good token for something else is refused with 403", () => {
  test("word for word as the Go watchdogs do", async ({ expect }) => {
    const { askFor, watchdog } = await startGuarded();
    const answer = await askFor({ function: { permissions: ["ns:other"] } });
    expect([answer.status, answer.body]).toEqual([403, "insufficient permissions\n"]);
    expect(answer.header("x-openfaas-internal")).toBe("faas-middleware");
    expect(answer.header("www-authenticate")).toBeUndefined();
    await until("it is counted", () => watchdog.telemetry.ended.length === 1);
    expect(watchdog.telemetry.ended).toEqual([{ method: "GET", status: 403 }]);
  });

  test("where what it permits is only a part of the function's name (G4)", async ({ expect }) => {
    const { askFor } = await startGuarded();
    for (const pattern of ["ns:f", "s:", "s:fn", "n", "", ":"]) {
      expect((await askFor({ function: { permissions: [pattern] } })).status).toBe(403);
      const claim = { permissions: ["*"], audience: [pattern] };
      expect((await askFor({ function: claim })).status).toBe(403);
    }
    for (const pattern of ["*", "ns:*", "ns:fn", "*:fn"]) {
      const claim = { permissions: [pattern], audience: [pattern] };
      expect((await askFor({ function: claim })).status).toBe(200);
    }
  });

  test("and with 401 where what it permits cannot be understood", async ({ expect }) => {
    const { askFor } = await startGuarded();
    expect((await askFor({ function: undefined })).status).toBe(403);
    expect((await askFor({ function: "*" })).body).toBe(
      failed("token is malformed: could not JSON decode claim"),
    );
  });
});
