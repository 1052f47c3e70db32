import type { IncomingMessage } from "node:http";
import type { JWTPayload } from "jose";
import { decodeJwt } from "jose/jwt/decode";
import { jwtVerify } from "jose/jwt/verify";
import type { JwtConfig } from "../../config/read-jwt.ts";
import { clip } from "../../core/clip.ts";
import type { Access, Denial } from "../access.ts";
import type { Telemetry } from "../telemetry.ts";
import { describeRefusal, forbidden, unauthorized } from "./denial.ts";
import { KeyRing } from "./key-ring.ts";
import { parsePermissions, permit } from "./permissions.ts";

/** Lets in who has a token of the issuer's for this function. Rejects with `KEYS_UNAVAILABLE`. */
export async function createAccess(
  config: JwtConfig,
  telemetry: Telemetry,
  stopping: AbortSignal,
): Promise<Access> {
  const keys = new KeyRing(config, telemetry);
  try {
    await keys.open(stopping);
  } catch (error) {
    keys[Symbol.dispose]();
    throw error;
  }
  return {
    authorize: createAuthorize(config, keys, telemetry),
    exempt: ({ request }) => markUnasked(request),
    [Symbol.dispose]: () => keys[Symbol.dispose](),
  };
}

/** Keys that everybody may know. With a secret among them, a public key could be taken for one. */
const ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];

/** As theirs: clocks differ. */
const LEEWAY_SECONDS = 1;

/** To take a larger one apart costs more than to check a good one. */
const LONGEST_TOKEN = 16 * 1024;

function createAuthorize(
  config: JwtConfig,
  keys: KeyRing,
  telemetry: Telemetry,
): Access["authorize"] {
  const requiredClaims = config.requiresExpiry ? ["exp"] : [];
  const verify = async (token: string): Promise<JWTPayload> => {
    if (config.isDebug) logToken(token, telemetry);
    const { issuerName } = keys;
    const { payload } = await jwtVerify(token, keys.findKey, {
      issuer: issuerName,
      audience: issuerName,
      algorithms: ALGORITHMS,
      clockTolerance: LEEWAY_SECONDS,
      requiredClaims,
    });
    return payload;
  };
  const judge = async (token: string): Promise<Denial | undefined> => {
    if (token === "") return unauthorized("Bearer must be present in Authorization header");
    if (token.length > LONGEST_TOKEN) return badToken("token is malformed: it is too long");
    try {
      const permissions = parsePermissions((await verify(token)).function);
      if (permissions === undefined) return badToken(BAD_PERMISSIONS);
      return permit(permissions, config.functionReference) ? undefined : forbidden();
    } catch (error) {
      return badToken(describeRefusal(error, token));
    }
  };
  return async ({ request }) => {
    const startedAt = performance.now();
    // Of several the first one counts: it is the only one that Node keeps here.
    const denial = await judge(tokenOf(request.headers.authorization ?? ""));
    if (denial === undefined) markAuthorized(request, (performance.now() - startedAt) / 1000);
    return denial;
  };
}

const BAD_PERMISSIONS = "token is malformed: could not JSON decode claim";

function badToken(reason: string): Denial {
  return unauthorized(`failed to parse JWT token: ${reason}`);
}

const SCHEME = "bearer ";

/** The scheme may be missing, as in theirs. */
function tokenOf(authorization: string): string {
  const hasScheme = authorization.slice(0, SCHEME.length).toLowerCase() === SCHEME;
  return hasScheme ? authorization.slice(SCHEME.length).trimStart() : authorization;
}

/** Tells the function how long it took, and of no token but the one that was looked at. */
function markAuthorized(request: IncomingMessage, seconds: number): void {
  const value = seconds.toFixed(6);
  request.rawHeaders = [...withoutClaims(request.rawHeaders), "X-Auth-Seconds", value];
  request.headers["x-auth-seconds"] = value;
}

function markUnasked(request: IncomingMessage): void {
  request.rawHeaders = withoutClaims(request.rawHeaders);
  delete request.headers["x-auth-seconds"];
}

/** Without what only the watchdog may say, under whatever name becomes the same variable. */
function withoutClaims(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  let hasAuthorization = false;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    const variable = name.toLowerCase().replaceAll("-", "_");
    const isRepeated = variable === "authorization" && hasAuthorization;
    hasAuthorization ||= variable === "authorization";
    if (isRepeated || variable === "x_auth_seconds") continue;
    kept.push(name, rawHeaders[index + 1] as string);
  }
  return kept;
}

/** What the token says of itself, true or not. */
function logToken(token: string, telemetry: Telemetry): void {
  try {
    const { aud, iss } = decodeJwt(token);
    const audience = clip([aud ?? []].flat().join(" "));
    telemetry.info(`[JWT Auth] Token: audience: [${audience}]\tissuer: ${clip(String(iss))}`);
  } catch {
    // The refusal says what is wrong with it.
  }
}
