import type { Variable } from "../variable.ts";

/** Refused at start, because ignoring them would break a promise that their author relies on. */
const refused = { group: "Start", kind: "text", origin: "breeze", refusedSince: "0.1.0" } as const;

/** What later versions know. */
export const LATER_VARIABLES = {
  prefork: { ...refused, text: "How many started processes wait for requests." },
  prefork_settle: { ...refused, text: "When a waiting process counts as started." },
  request_frame: { ...refused, text: "How a waiting process is told of its request." },
  "limit_*": { ...refused, text: "Limits of one process." },
} as const satisfies Readonly<Record<string, Variable>>;
