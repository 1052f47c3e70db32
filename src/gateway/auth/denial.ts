/** The answer to a request that is not let in. */
export interface Denial {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the log. Never a part of a credential. */
  readonly reason: string;
}

/** Word for word as the Go gateways, whose clients look at it: no line ends the body. */
export function unauthorized(reason: string): Denial {
  const headers = { ...PLAIN, "WWW-Authenticate": 'Basic realm="Restricted"' };
  return { status: 401, headers, body: "invalid credentials", reason };
}

/** A function's own rule was not met (RFC 6750, 3). */
export function badToken(reason: string): Denial {
  const headers = { ...PLAIN, "WWW-Authenticate": 'Bearer error="invalid_token"' };
  return { status: 401, headers, body: `${reason}\n`, reason };
}

/** Whoever asks is known, and may not. */
export function forbidden(reason: string): Denial {
  return { status: 403, headers: PLAIN, body: `${reason}\n`, reason };
}

/** It is not known now whether the request may be let in. */
export function undecided(body: string, reason: string): Denial {
  return { status: 503, headers: PLAIN, body: `${body}\n`, reason };
}

/** Too many came before it. */
export function tooMany(limit: string, waitSeconds: number): Denial {
  const headers = { ...PLAIN, "Retry-After": String(Math.max(1, Math.ceil(waitSeconds))) };
  const reason = `more than ${limit}`;
  return { status: 429, headers, body: `Too many requests: ${reason}.\n`, reason };
}

const PLAIN: Readonly<Record<string, string>> = Object.freeze({
  "Content-Type": "text/plain; charset=utf-8",
  "X-Content-Type-Options": "nosniff",
});
