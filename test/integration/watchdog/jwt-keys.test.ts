import { describe, onTestFinished, test } from "vitest";
import type { JwtConfig } from "../../../src/config/read-jwt.ts";
import { toKeysUrl } from "../../../src/watchdog/jwt/issuer.ts";
import { KEY_TIMES, KeyRing, type KeyTimes } from "../../../src/watchdog/jwt/key-ring.ts";
import { RecordedTelemetry } from "../../support/recorded-telemetry.ts";
import { startGuarded } from "../../support/start-guarded.ts";
import { createKey, TokenIssuer } from "../../support/token-issuer.ts";
import { until } from "../../support/until.ts";

const NEVER = new AbortController().signal;
const SOON = 20;

/** Keys of an issuer, with times of the test's. */
function createRing({ url }: Pick<TokenIssuer, "url">, times: Partial<KeyTimes> = {}) {
  const telemetry = new RecordedTelemetry();
  const config: JwtConfig = {
    discoveryUrl: `${url}/.well-known/openid-configuration`,
    functionReference: "ns:fn",
    requiresExpiry: true,
    isDebug: false,
  };
  const ring = new KeyRing(config, telemetry, { ...KEY_TIMES, ...times });
  onTestFinished(() => ring[Symbol.dispose]());
  const knows = async (kid: string) => {
    const find = async () => await ring.findKey({ alg: "ES256", kid }, {} as never);
    return await find().then(
      () => true,
      () => false,
    );
  };
  return { ring, telemetry, knows };
}

describe("keys that change", () => {
  test("let in who has a token of the new one, at once and without a restart", async ({
    expect,
  }) => {
    const { issuer, ask } = await startGuarded();
    const old = issuer.key;
    await issuer.rotate("second");
    expect((await ask(await issuer.sign())).status).toBe(200);
    expect((await ask(await issuer.sign({}, old))).status).toBe(401);
    expect(issuer.asked).toBe(2);
  });

  test("and are fetched anew by age: one that was withdrawn counts no longer", async ({
    expect,
  }) => {
    const issuer = await TokenIssuer.start();
    const { ring, knows } = createRing(issuer, { maxAgeMs: SOON, cooldownMs: 600_000 });
    await ring.open(NEVER);
    expect(await knows("first")).toBe(true);
    await issuer.rotate("second");
    issuer.name = "http://renamed";
    await until("the new name is known", () => ring.issuerName === "http://renamed");
    expect([await knows("first"), await knows("second")]).toEqual([false, true]);
  });

  test("have the issuer asked once, however many tokens name keys that nobody knows", async ({
    expect,
  }) => {
    const { issuer, ask } = await startGuarded();
    const unknown = await createKey("unknown");
    const token = await issuer.sign({}, unknown);
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(token)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    for (let count = 0; count < 20; count++) {
      expect(
        (await ask(await issuer.sign({}, { ...unknown, id: `unknown-${count}` }))).status,
      ).toBe(401);
    }
    expect(issuer.asked).toBe(2);
  });

  test("are asked for again when the issuer has had its rest", async ({ expect }) => {
    const issuer = await TokenIssuer.start();
    const { ring, knows } = createRing(issuer, { cooldownMs: SOON });
    await ring.open(NEVER);
    expect(await knows("second")).toBe(false);
    await issuer.rotate("second");
    await until("it is asked again", () => knows("second"));
  });
});

describe("an issuer that fails while the watchdog serves", () => {
  const FAILURES: Readonly<Record<string, TokenIssuer["override"]>> = {
    "is down": (_request, response) => response.destroy(),
    "answers with an error": (_request, response) => response.writeHead(503).end(),
    "answers with something else": (_request, response) => response.end("<html>"),
    redirects: (_request, response) => response.writeHead(302, { Location: "/" }).end(),
    "never ends its answer": (_request, response) => response.write("{"),
    "never stops": (_request, response) => {
      response.write(`"${"x".repeat(2_000_000)}`);
    },
  };
  test.for(Object.entries(FAILURES))(
    "and %s leaves the keys as they were, and it is said",
    async ([, failure], { expect }) => {
      const issuer = await TokenIssuer.start();
      const { ring, telemetry, knows } = createRing(issuer, { fetchLimitMs: 200 });
      await ring.open(NEVER);
      issuer.override = failure;
      expect(await knows("unknown")).toBe(false);
      expect(telemetry.messages).toEqual([
        expect.stringMatching(/^Tokens are checked with the keys of before: GET http:/),
      ]);
      expect(await knows("first")).toBe(true);
    },
  );

  test("and is slow holds up nobody whose key is known", async ({ expect }) => {
    const { issuer, ask } = await startGuarded();
    const isAsked = Promise.withResolvers<() => void>();
    issuer.override = (_request, response) => isAsked.resolve(() => response.destroy());
    const stranger = ask(await issuer.sign({}, await createKey("unknown")));
    const release = await isAsked.promise;
    expect((await ask(await issuer.sign())).status).toBe(200);
    release();
    expect((await stranger).status).toBe(401);
  });
});

describe("a start", () => {
  test("waits for an issuer that starts at the same time", async ({ expect }) => {
    const issuer = await TokenIssuer.start();
    issuer.override = (_request, response) => response.writeHead(502).end();
    const { ring, telemetry, knows } = createRing(issuer, { retryDelayMs: SOON });
    const opening = ring.open(NEVER);
    await until("it was tried more than once", () => telemetry.messages.length > 1);
    issuer.override = undefined;
    await opening;
    expect(await knows("first")).toBe(true);
    expect(telemetry.messages[0]).toContain("the answer is 502, not 200");
  });

  test("gives up when its time is over", async ({ expect }) => {
    const { ring } = createRing({ url: "http://127.0.0.1:1" }, { startLimitMs: SOON });
    await expect(ring.open(NEVER)).rejects.toMatchObject({
      code: "KEYS_UNAVAILABLE",
      exitCode: 1,
      message: expect.stringMatching(
        /^jwt_auth: there are no keys .*: GET http:\/\/127\.0\.0\.1:1\/.*ECONNREFUSED/,
      ),
    });
  });

  test("gives up at once when it is told to stop", async ({ expect }) => {
    const issuer = await TokenIssuer.start();
    const stop = new AbortController();
    issuer.override = () => stop.abort();
    const { ring } = createRing(issuer, { fetchLimitMs: 600_000, startLimitMs: 600_000 });
    await expect(ring.open(stop.signal)).rejects.toMatchObject({ code: "KEYS_UNAVAILABLE" });
    const waiting = createRing(
      { url: "http://127.0.0.1:1" },
      { retryDelayMs: 600_000, startLimitMs: 6e6 },
    );
    const stopLater = new AbortController();
    const opening = waiting.ring.open(stopLater.signal);
    await until("it waits", () => waiting.telemetry.messages.length === 1);
    stopLater.abort();
    await expect(opening).rejects.toMatchObject({ code: "KEYS_UNAVAILABLE" });
  });

  const DOCUMENTS: readonly (readonly [object, string])[] = [
    [{ issuer: "x".repeat(2_000_000), jwks_uri: "http://a/" }, "the answer is larger than 1 MiB"],
    [{ jwks_uri: "http://a/" }, "there is no issuer in it"],
    [{ issuer: "", jwks_uri: "http://a/" }, "there is no issuer in it"],
    [{ issuer: 1, jwks_uri: "http://a/" }, "there is no issuer in it"],
    [{ issuer: "http://a" }, "there is no jwks_uri in it"],
    [{ issuer: "http://a", jwks_uri: "/keys" }, "there is no jwks_uri in it"],
    [{ issuer: "http://a", jwks_uri: "file:///etc/passwd" }, "there is no jwks_uri in it"],
  ];
  test.for(DOCUMENTS)(
    "takes no issuer that cannot be one (%#)",
    async ([document, reason], { expect }) => {
      const issuer = await TokenIssuer.start();
      issuer.override = (_request, response) => response.end(JSON.stringify(document));
      const { ring } = createRing(issuer, { startLimitMs: 0 });
      await expect(ring.open(NEVER)).rejects.toThrow(reason);
    },
  );

  test.for([null, [], {}, { keys: "none" }, { keys: [null] }, "keys"])(
    "takes no set of keys that is %j",
    async (document, { expect }) => {
      const issuer = await TokenIssuer.start();
      issuer.document = document;
      const { ring } = createRing(issuer, { startLimitMs: 0 });
      await expect(ring.open(NEVER)).rejects.toThrow("this is no set of keys");
    },
  );
});

test("keys are not fetched without TLS where the issuer was asked with it", ({ expect }) => {
  const [secure, plain] = [new URL("https://a/"), new URL("http://a/")];
  expect(() => toKeysUrl("http://b/", secure)).toThrow("jwks_uri is an address without TLS");
  expect(toKeysUrl("https://b/", plain).href).toBe("https://b/");
  expect(toKeysUrl("https://b/", secure).href).toBe("https://b/");
});
