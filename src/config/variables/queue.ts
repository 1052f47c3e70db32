import type { Variable } from "../variable.ts";

/** Waiting for a place. */
export const QUEUE_VARIABLES = {
  max_queue: {
    group: "Limits",
    kind: "integer",
    origin: "breeze",
    default: "0",
    text: "Requests that wait for a place of `max_inflight`; one more is answered 503 with `Retry-After`. `0` or less: none waits, and one more than `max_inflight` is answered 429.",
  },
  queue_timeout: {
    group: "Limits",
    kind: "duration",
    origin: "breeze",
    default: "10s",
    text: "For waiting for a place; then the request is answered 503 with `Retry-After`. `0`: as long as it takes.",
  },
  queue_fair_by: {
    group: "Limits",
    kind: "header-name",
    origin: "breeze",
    unset: "first come, first served",
    text: "A header that names the caller, such as `X-User`: callers take turns, however many requests of one wait.",
  },
} as const satisfies Readonly<Record<string, Variable>>;
