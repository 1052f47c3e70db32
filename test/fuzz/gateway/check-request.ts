import type { Seen } from "./echo-server.ts";

/** What the gateway says of each request itself, and how. */
const SAID: Readonly<Record<string, RegExp>> = {
  "x-call-id": /^[\w-]{1,64}$/,
  "x-start-time": /^\d{19}$/,
  "x-forwarded-for": /^127\.0\.0\.1$/,
  "x-forwarded-proto": /^http$/,
  traceparent: /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/,
};

/** What it may say; a client's word for it never comes through. */
const MAY_BE_SAID: Readonly<Record<string, RegExp>> = {
  "x-forwarded-host": /^[\w!$%&'()*+,\-.:;=[\]~]*$/,
  "x-breeze-attempt": /^[1-9]\d?$/,
};

/** What is said to the gateway alone, or about a connection. */
const NEVER = new Set([
  "forwarded",
  "x-real-ip",
  "x-duration-seconds",
  "x-function-status",
  "x-breeze-delivery",
  "proxy",
  "proxy-authorization",
  "proxy-authenticate",
  "proxy-connection",
  "keep-alive",
  "te",
  "trailer",
  "http2-settings",
  "expect",
]);

const CREDENTIALS = new Set(["authorization", "x-api-key"]);

/**
 * Whether a function's request is one that the gateway has sent on: whatever reached the function in another way lacks what
 * the gateway says. `key`: the one that opens the function `keyed`. In words; undefined: all is well.
 */
export function findRequestFault(seen: Seen, key: string): string | undefined {
  const headers = new Map<string, string>();
  for (let index = 0; index < seen.headers.length; index += 2) {
    const name = (seen.headers[index] as string).toLowerCase();
    if (headers.has(name)) return `a function got ${name} twice`;
    headers.set(name, seen.headers[index + 1] as string);
  }
  for (const [name, format] of Object.entries(SAID)) {
    const value = headers.get(name);
    if (value === undefined) return `a function got a request without ${name}`;
    if (!format.test(value)) return `a function got ${name}: ${value}`;
  }
  for (const [name, value] of headers) {
    const isForged = MAY_BE_SAID[name]?.test(value) === false;
    const isLeak = seen.function === "keyed" && CREDENTIALS.has(name) && value.includes(key);
    if (NEVER.has(name) || isForged) return `a function got ${name}: ${value}`;
    if (isLeak) return `a function got its caller's key in ${name}`;
  }
  return undefined;
}
