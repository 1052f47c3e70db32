import type { Variable } from "../variable.ts";

const common = {
  group: "Function",
  origin: "breeze",
  modes: ["classic", "serializing", "streaming", "cgi"],
} as const;

/** How a program sets the status of its answer. */
export const ANSWER_HEAD_VARIABLES = {
  control_fd: {
    ...common,
    kind: "choice",
    choices: ["3"],
    unset: "not used",
    text: "`3`: the program may write one line of JSON to descriptor 3, status and headers of its answer.",
  },
  exit_codes: {
    ...common,
    kind: "exit-codes",
    unset: "none",
    text: 'Which exit codes are no failures, and their statuses: `{"3":404}`.',
  },
} as const satisfies Readonly<Record<string, Variable>>;
