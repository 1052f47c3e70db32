import { createPublicKey } from "node:crypto";
import { SignJWT } from "jose";
import { describe, test } from "vitest";
import { startGuarded } from "../../support/start-guarded.ts";
import { startTestWatchdog, toGet } from "../../support/start-watchdog.ts";
import { bearer, createKey, forge, now, TokenIssuer } from "../../support/token-issuer.ts";

const failed = (reason: string) => `failed to parse JWT token: ${reason}\n`;
const ALL = { permissions: ["*"] };

describe("a forged token is refused", () => {
  test("where it is signed by nobody, or by somebody else", async ({ expect }) => {
    const { issuer, ask } = await startGuarded();
    const claims = { iss: issuer.name, aud: issuer.name, exp: now() + 60, function: ALL };
    const stranger = { ...(await createKey("stranger")), id: issuer.key.id };
    for (const token of [
      forge({ alg: "none", kid: issuer.key.id }, claims),
      forge({ alg: "None", kid: issuer.key.id }, claims),
      forge({ alg: "ES256", kid: issuer.key.id }, claims),
      forge({ alg: "ES256", kid: issuer.key.id }, claims, Buffer.alloc(64)),
    ]) {
      expect((await ask(token)).status).toBe(401);
    }
    expect((await ask(await issuer.sign({}, stranger))).body).toBe(
      failed("token signature is invalid: crypto/ecdsa: verification error"),
    );
  });

  test("where the issuer's public key was taken for a secret", async ({ expect }) => {
    const issuer = await TokenIssuer.start(await createKey("rsa", "RS256"));
    const watchdog = await startTestWatchdog({ fprocess: "echo in", ...issuer.variables });
    const { publicJwk } = issuer.key;
    const key = createPublicKey({ key: publicJwk as never, format: "jwk" });
    const secrets = [
      key.export({ type: "spki", format: "pem" }),
      key.export({ type: "spki", format: "der" }),
      key.export({ type: "pkcs1", format: "pem" }),
      JSON.stringify(publicJwk),
      String(publicJwk.n),
    ].map((secret) => Buffer.from(secret as string));
    const claims = { iss: issuer.name, aud: issuer.name, function: ALL };
    for (const secret of secrets) {
      for (const alg of ["HS256", "HS512"]) {
        const token = await new SignJWT(claims)
          .setProtectedHeader({ alg, kid: "rsa" })
          .setExpirationTime("1h")
          .sign(Buffer.concat([secret], Math.max(secret.length, 64)));
        const answer = await watchdog.ask(toGet("/", bearer(token)));
        expect([answer.status, answer.body]).toEqual([
          401,
          failed("token is unverifiable: signing method (alg) is unavailable"),
        ]);
      }
    }
  });

  test("where the token brings its own key", async ({ expect }) => {
    const { issuer, ask } = await startGuarded();
    const own = await createKey("own");
    const claims = { iss: issuer.name, aud: issuer.name, exp: now() + 60, function: ALL };
    for (const header of [
      { jwk: own.publicJwk, kid: "own" },
      { jwk: own.publicJwk, kid: issuer.key.id },
      { jwk: own.publicJwk },
      { jku: `${issuer.url}/mine`, kid: "own" },
    ]) {
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: "ES256", ...header } as never)
        .sign(own.privateKey);
      expect((await ask(token)).status).toBe(401);
    }
  });

  test("where it names no key, even if there is only one", async ({ expect }) => {
    const { issuer, ask } = await startGuarded();
    const token = await new SignJWT({ iss: issuer.name, aud: issuer.name, function: ALL })
      .setProtectedHeader({ alg: "ES256" })
      .setExpirationTime("1h")
      .sign(issuer.key.privateKey);
    expect((await ask(token)).body).toBe(
      failed("token is unverifiable: error while executing keyfunc: invalid kid: <nil>"),
    );
  });
});
