import { describe, onTestFinished, test, vi } from "vitest";
import { startGuarded } from "../../support/start-guarded.ts";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";
import { bearer, createKey, forge, now, TokenIssuer } from "../../support/token-issuer.ts";
import { until } from "../../support/until.ts";

describe("a request with a token of the issuer's for this function", () => {
  test.for(["", "streaming", "serializing"])("is let in, mode %s", async (mode, { expect }) => {
    const { askFor } = await startGuarded({ mode });
    const answer = await askFor({});
    expect([answer.status, answer.body]).toEqual([200, expect.stringMatching(/^\d+\.\d{6}\n$/)]);
  });

  test.for(["RS256", "PS256", "ES384", "EdDSA"])(
    "is let in, signed with %s",
    async (algorithm, { expect }) => {
      const issuer = await TokenIssuer.start(await createKey("k", algorithm));
      const watchdog = await startTestWatchdog({ fprocess: "echo in", ...issuer.variables });
      const answer = await watchdog.ask(toGet("/", bearer(await issuer.sign())));
      expect([answer.status, answer.body]).toEqual([200, "in\n"]);
    },
  );

  test("is let in with the token alone, and with the scheme in any case", async ({ expect }) => {
    const { issuer, watchdog } = await startGuarded();
    const token = await issuer.sign();
    for (const value of [token, `bearer ${token}`, `BEARER  ${token}`]) {
      const answer = await watchdog.ask(toGet("/", `Authorization: ${value}\r\n`));
      expect([value.length, answer.status]).toEqual([value.length, 200]);
    }
  });

  test("gets its body through, however it comes", async ({ expect }) => {
    const { issuer, watchdog } = await startGuarded({ fprocess: "wc -c" });
    const headers = bearer(await issuer.sign());
    for (const size of [0, 10, 100_000, 3_000_000]) {
      const answer = await watchdog.post("x".repeat(size), headers);
      expect([answer.status, answer.body]).toEqual([200, `${size}\n`]);
    }
    const client = await watchdog.connect();
    client.send(
      `POST / HTTP/1.1\r\nHost: x\r\n${headers}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`,
    );
    client.send("2\r\nde\r\n0\r\n\r\n");
    expect((await client.answer()).body).toBe("5\n");
  });

  test("may be for others too, and a second early or late", async ({ expect }) => {
    const { issuer, askFor } = await startGuarded();
    expect((await askFor({ aud: ["other", issuer.name] })).status).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_500 });
    onTestFinished(() => void vi.useRealTimers());
    const claims = [{ exp: now() }, { exp: now() - 1 }, { nbf: now() + 1 }, { nbf: now() + 2 }];
    const answers = [];
    for (const claim of claims) answers.push((await askFor(claim)).status);
    expect(answers).toEqual([200, 401, 200, 401]);
  });

  test("cannot say itself how long it was looked at, nor in whose name besides", async ({
    expect,
  }) => {
    const { issuer, watchdog } = await startGuarded({ fprocess: "cat", marshal_request: "true" });
    const token = await issuer.sign();
    const claims = "X-Auth-Seconds: 7\r\nx_auth-seconds: 8\r\nX_Auth_Seconds: 9\r\n";
    const answer = await watchdog.post(
      "",
      `${claims}${bearer(token)}authorization: other\r\nX-Auth-Seconds: 6\r\n`,
    );
    const { header } = JSON.parse(answer.body);
    expect(header).toEqual({
      Authorization: [`Bearer ${token}`],
      "Content-Length": ["0"],
      "X-Auth-Seconds": [expect.stringMatching(/^0\.\d{6}$/)],
    });
  });
});

test("who is not let in takes no place, sends no body, and is told 401 before 429 and 405", async ({
  expect,
}) => {
  const { issuer, watchdog } = await startGuarded({ max_inflight: "1", fprocess: "sleep 60" });
  const busy = await watchdog.connect();
  busy.send(toGet("/", bearer(await issuer.sign())));
  await until("the only place is taken", () => watchdog.telemetry.processes === 1);
  const client = await watchdog.connect();
  client.send("PURGE / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
  await until("an answer", () => client.received.includes("\r\n\r\n"));
  expect(client.received).toMatch(/^HTTP\/1\.1 401 /);
  const allowed = await watchdog.ask(toGet("/", bearer(await issuer.sign())));
  expect(allowed.status).toBe(429);
  busy.reset();
});

test("a client that leaves while its token is looked at starts nothing", async ({ expect }) => {
  const { issuer, watchdog } = await startGuarded();
  const [isAsked, mayAnswer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  issuer.override = async (request, response) => {
    isAsked.resolve();
    await mayAnswer.promise;
    issuer.answer(request, response);
  };
  await issuer.rotate("new");
  const token = bearer(await issuer.sign());
  const client = await watchdog.connect();
  client.send(toGet("/", token));
  await isAsked.promise;
  client.reset();
  await until("it is gone", () => watchdog.telemetry.ended.length === 1);
  expect(watchdog.telemetry.ended).toEqual([{ method: "GET", status: 499 }]);
  expect(watchdog.telemetry.invocations).toMatchObject([{ status: 499, outcome: "aborted" }]);
  mayAnswer.resolve();
  expect((await watchdog.ask(toGet("/", token))).status).toBe(200);
  expect(watchdog.telemetry.processes).toBe(1);
});

test("health and readiness ask for no token; ready_path reaches the function with the operator's path, and no claims", async ({
  expect,
}) => {
  const { watchdog } = await startGuarded({
    fprocess: "sh -c 'echo $Http_Path:$Http_Query:$Http_X_Auth_Seconds; cat'",
    fprocess_shell_words: "true",
    ready_path: "/ready",
  });
  expect((await watchdog.ask(toGet("/_/health"))).status).toBe(200);
  const probe = toPost("body", "X-Auth-Seconds: 1\r\nX_Auth_Seconds: 1\r\n", "/_/ready?evil");
  const ready = await watchdog.ask(probe.replace("POST", "GET"));
  expect([ready.status, ready.body]).toEqual([200, "/ready::\n"]);
  expect((await watchdog.ask(toGet("/_/health/"))).status).toBe(401);
});

test("no token gets into the log, however it is refused (T34)", async ({ expect }) => {
  const { issuer, ask, watchdog } = await startGuarded({ jwt_auth_debug: "true" });
  const tokens = [
    await issuer.sign(),
    await issuer.sign({ exp: 1 }),
    await issuer.sign({ function: {} }),
    await issuer.sign({}, await createKey("unknown")),
    `${await issuer.sign()}x`,
    forge({ alg: "none" }, {}, "secret"),
    "not-a-token.at-all",
  ];
  for (const token of tokens) await ask(token);
  await until("all are logged", () => watchdog.telemetry.invocations.length === tokens.length);
  const log = JSON.stringify([watchdog.telemetry.messages, watchdog.telemetry.invocations]);
  for (const token of tokens) {
    for (const part of token.split(".").slice(1)) expect(log).not.toContain(part || token);
  }
  expect(watchdog.telemetry.messages).toEqual(
    expect.arrayContaining([
      `[JWT Auth] Issuer: ${issuer.name}\tJWKS URI: ${issuer.url}/keys`,
      "[JWT Auth] Key: first",
      `[JWT Auth] Token: audience: [${issuer.name}]\tissuer: ${issuer.name}`,
    ]),
  );
});
