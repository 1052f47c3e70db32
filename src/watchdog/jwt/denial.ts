import { decodeProtectedHeader } from "jose/decode/protected_header";
import {
  JOSEAlgNotAllowed,
  JOSENotSupported,
  JWKSNoMatchingKey,
  JWSInvalid,
  JWSSignatureVerificationFailed,
  JWTClaimValidationFailed,
  JWTExpired,
  JWTInvalid,
} from "jose/errors";
import type { Denial } from "../access.ts";

/** The request has no token, or one that is not good. */
export function unauthorized(reason: string): Denial {
  const headers = [...HEADERS, "Www-Authenticate", "Bearer realm=IAM function invoke"];
  return { reason, answer: { status: 401, headers, body: `${reason}\n` } };
}

/** The token is good, and for something else. */
export function forbidden(): Denial {
  const reason = "insufficient permissions";
  return { reason, answer: { status: 403, headers: [...HEADERS], body: `${reason}\n` } };
}

/** Word for word as the Go watchdogs, which send what clients look at. */
const HEADERS = [
  ...["Content-Type", "text/plain; charset=utf-8"],
  ...["X-Content-Type-Options", "nosniff"],
  ...["X-Openfaas-Internal", "faas-middleware"],
];

/** What is wrong with a token, in the words of the library that the Go watchdogs have. ASCII. */
export function describeRefusal(error: unknown, token: string): string {
  if (error instanceof JWTExpired) return "token has invalid claims: token is expired";
  if (error instanceof JWTClaimValidationFailed) {
    return `token has invalid claims: ${describeClaim(error)}`;
  }
  if (error instanceof JWSSignatureVerificationFailed) {
    return `token signature is invalid: ${packageOf(token)}: verification error`;
  }
  if (error instanceof JWTInvalid) return "token is malformed: could not JSON decode claim";
  if (error instanceof JWSInvalid) return `token is malformed: ${describeForm(token)}`;
  if (error instanceof JWKSNoMatchingKey) {
    return `token is unverifiable: error while executing keyfunc: invalid kid: ${keyIdOf(token)}`;
  }
  if (error instanceof JOSEAlgNotAllowed || error instanceof JOSENotSupported) {
    return "token is unverifiable: signing method (alg) is unavailable";
  }
  // Nothing of the token's: a key of the issuer's that cannot be used.
  return `token is unverifiable: ${(error as Error).message}`;
}

function describeClaim({ claim, reason }: JWTClaimValidationFailed): string {
  if (reason === "missing") return `token is missing required claim: ${claim} claim is required`;
  if (reason !== "check_failed") return `invalid type for claim: ${claim} is invalid`;
  return CLAIMS[claim] ?? `token has invalid ${claim}`;
}

const CLAIMS: Readonly<Record<string, string>> = {
  aud: "token has invalid audience",
  iss: "token has invalid issuer",
  nbf: "token is not valid yet",
};

function describeForm(token: string): string {
  return token.split(".", 4).length === 3
    ? "could not JSON decode header"
    : "token contains an invalid number of segments";
}

/** Go's, for the algorithm. */
function packageOf(token: string): string {
  const { alg = "" } = decodeProtectedHeader(token);
  if (alg.startsWith("Ed")) return "ed25519";
  return alg.startsWith("ES") ? "crypto/ecdsa" : "crypto/rsa";
}

const LONGEST_KEY_ID = 64;

/** As the client wrote it: it may be anything. */
function keyIdOf(token: string): string {
  const { kid } = decodeProtectedHeader(token);
  if (typeof kid !== "string") return "<nil>";
  return kid.slice(0, LONGEST_KEY_ID).replace(/[^\x20-\x7e]/g, "?");
}
