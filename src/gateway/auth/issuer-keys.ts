import { JOSEError, JWKSInvalid, JWKSTimeout } from "jose/errors";
import { createRemoteJWKSet, type RemoteJWKSetOptions } from "jose/jwks/remote";
import { jwtVerify } from "jose/jwt/verify";
import { badToken, type Denial, undecided } from "./denial.ts";
import type { InvokeRule } from "./function-rules.ts";

type JwtRule = Extract<InvokeRule, { kind: "jwt" }>;

/** Keys that everybody may know. With a secret among them, a public key could be taken for one. */
const ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];

/** Clocks differ. */
const LEEWAY_SECONDS = 1;

/** To take a larger one apart costs more than to check a good one. */
const LONGEST_TOKEN = 16 * 1024;

/** Tokens with unknown keys, which anybody can send, have the keys fetched again no more often than the cooldown. */
const TIMES: RemoteJWKSetOptions = {
  timeoutDuration: 5_000,
  cooldownDuration: 10_000,
  cacheMaxAge: 300_000,
};

/** The keys of all issuers that functions name, fetched when they are first needed. */
export class IssuerKeys {
  readonly #times: RemoteJWKSetOptions;
  readonly #sets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

  constructor(times: RemoteJWKSetOptions = TIMES) {
    this.#times = times;
  }

  /** Whether a token is what a rule asks for; `undefined`: it is. Never rejects. */
  async judge(token: string, { keysUrl, issuer, audience }: JwtRule): Promise<Denial | undefined> {
    if (token === "")
      return badToken("this function asks for a token: Authorization: Bearer TOKEN");
    if (token.length > LONGEST_TOKEN) return badToken("the token is too long");
    try {
      await jwtVerify(token, this.#keysAt(keysUrl), {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: LEEWAY_SECONDS,
        requiredClaims: ["exp"],
      });
      return undefined;
    } catch (error) {
      const { message } = error as Error;
      if (isTokensFault(error)) return badToken(`the token cannot be accepted: ${message}`);
      const body = "The keys that tokens are checked with cannot be had.";
      return undecided(body, `${keysUrl}: ${message}`);
    }
  }

  #keysAt(keysUrl: string): ReturnType<typeof createRemoteJWKSet> {
    const known = this.#sets.get(keysUrl);
    if (known !== undefined) return known;
    const keys = createRemoteJWKSet(new URL(keysUrl), this.#times);
    this.#sets.set(keysUrl, keys);
    return keys;
  }
}

/** The plain `JOSEError` is an issuer's answer that is no set of keys. */
function isTokensFault(error: unknown): boolean {
  if (error instanceof JWKSTimeout || error instanceof JWKSInvalid) return false;
  return error instanceof JOSEError && error.code !== JOSEError.code;
}
