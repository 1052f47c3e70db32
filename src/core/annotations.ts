/**
 * What a function says of itself by annotations: all names there are, for whoever reads them, and what each may say. One
 * that cannot be used is refused when it is deployed; of a function that is stored already it counts as not said.
 */
export const ANNOTATIONS = {
  /** The one limit of an invocation, at the gateway and in the watchdog: `30s`, `1m30s`, whole seconds; `0`: none. */
  timeout: "com.openfaas.timeout",

  /** How often a queued invocation is tried before it is a dead letter: 1 to 1000. */
  retryAttempts: "com.openfaas.retry.attempts",
  /** The answers after which it is tried again: statuses from 400 to 599 with commas between, `429,502,503`. */
  retryCodes: "com.openfaas.retry.codes",
  /** How long the first wait between tries is at most; doubled with each. A duration up to 24h. */
  retryMinWait: "com.openfaas.retry.min_wait",
  /** How long any wait between tries is at most. A duration up to 24h. */
  retryMaxWait: "com.openfaas.retry.max_wait",
  /** How many queued invocations of the function run at a time: 1 to 64. */
  asyncMaxInflight: "breeze.async.max-inflight",

  /** Paths that are the function's, with all below them, besides `/function/NAME`: `/shop`, `/shop,/store`. */
  path: "breeze.path",
  /** Hosts that are the function's: `shop.example.com`; with `breeze.path` only that path on them. */
  host: "breeze.host",

  /** Who may invoke it: `api-key` or `jwt`; for the latter the three below. */
  auth: "breeze.auth",
  /** The address of the issuer's keys. */
  jwks: "breeze.auth.jwks",
  /** As tokens name it (`iss`). */
  issuer: "breeze.auth.issuer",
  /** As tokens name it (`aud`). */
  audience: "breeze.auth.audience",
  /** How often it may be invoked: `100/s`, `600/m burst 50`. */
  rate: "breeze.rate-limit",
  /** How often by one caller. */
  callerRate: "breeze.rate-limit.caller",

  /** What it does, in a sentence for people. */
  description: "breeze.description",
  /** `true`: it is one of the gateway's own samples, which it brings up to date. */
  sample: "breeze.sample",
} as const;

/** What a provider says itself in a function's state of what it could not do; `not-used` or `not-enforced`. */
export const NOTES = {
  image: "breeze.image",
  readOnlyRootFilesystem: "breeze.read-only-root-filesystem",
  limits: "breeze.limits",
  requests: "breeze.requests",
  constraints: "breeze.constraints",
} as const;

export type Annotations = Readonly<Record<string, string>>;
