import { createLocalJWKSet } from "jose/jwks/local";
import type { JWTVerifyGetKey } from "jose/jwt/verify";
import { getJson, unavailable } from "./get-json.ts";

/** Who makes the tokens, and what they are checked with. */
export interface Issuer {
  /** As tokens name it. */
  readonly name: string;
  readonly keysUrl: string;
  readonly keyIds: readonly string[];
  /** Rejects with `JWKSNoMatchingKey` where there is none for a token. */
  readonly findKey: JWTVerifyGetKey;
}

/**
 * Asks the issuer for its name and keys (OpenID Connect Discovery 1.0). Rejects with `KEYS_UNAVAILABLE`. The name need not
 * be the address that it is asked at, which the standard demands: a gateway inside of a cluster has a public one.
 */
export async function fetchIssuer(
  discoveryUrl: URL,
  limitMs: number,
  signal: AbortSignal,
): Promise<Issuer> {
  const description = (await getJson(discoveryUrl, limitMs, signal)) as Description;
  const name = description?.issuer;
  // Nothing would be compared with a name that is empty or missing.
  if (typeof name !== "string" || name === "") {
    throw unavailable(`${discoveryUrl.href}: there is no issuer in it`);
  }
  const keysUrl = toKeysUrl(description.jwks_uri, discoveryUrl);
  const keys = await getJson(keysUrl, limitMs, signal);
  return { name, keysUrl: keysUrl.href, ...toKeys(keys, keysUrl) };
}

interface Description {
  readonly issuer?: unknown;
  readonly jwks_uri?: unknown;
}

/** Where the keys are, as the issuer says. Throws `KEYS_UNAVAILABLE`. */
export function toKeysUrl(text: unknown, discoveryUrl: URL): URL {
  const url = typeof text === "string" ? URL.parse(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw unavailable(`${discoveryUrl.href}: there is no jwks_uri in it`);
  }
  if (discoveryUrl.protocol === "https:" && url.protocol === "http:") {
    throw unavailable(`${discoveryUrl.href}: jwks_uri is an address without TLS`);
  }
  return url;
}

function toKeys(document: unknown, { href }: URL): Pick<Issuer, "keyIds" | "findKey"> {
  try {
    const set = document as Parameters<typeof createLocalJWKSet>[0];
    const findKey = createLocalJWKSet(set);
    return { findKey, keyIds: set.keys.map(({ kid }) => String(kid)) };
  } catch (cause) {
    throw unavailable(`${href}: this is no set of keys`, cause);
  }
}
