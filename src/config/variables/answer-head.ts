import type { Variable } from "../variable.ts";

/** Refused at start, because ignoring them would break a promise that their author relies on. */
const refused = { group: "Start", kind: "text", origin: "breeze", refusedSince: "0.1.0" } as const;

/** How a program sets the status of its answer. */
export const ANSWER_HEAD_VARIABLES = {
  control_fd: { ...refused, text: "A descriptor by which the program sets status and headers." },
  exit_codes: { ...refused, text: "Which exit code becomes which status." },
} as const satisfies Readonly<Record<string, Variable>>;
