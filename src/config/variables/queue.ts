import type { Variable } from "../variable.ts";

/** Refused at start, because ignoring them would break a promise that their author relies on. */
const refused = { group: "Start", kind: "text", origin: "breeze", refusedSince: "0.1.0" } as const;

/** Waiting for a place. */
export const QUEUE_VARIABLES = {
  max_queue: { ...refused, text: "How many requests wait for a place." },
  queue_timeout: { ...refused, text: "How long a request waits for a place." },
  queue_fair_by: { ...refused, text: "The header whose values share the queue fairly." },
} as const satisfies Readonly<Record<string, Variable>>;
