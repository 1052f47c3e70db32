import type { Variable } from "./variable.ts";
import { ANSWER_HEAD_VARIABLES } from "./variables/answer-head.ts";
import { FUNCTION_VARIABLES } from "./variables/function.ts";
import { JWT_VARIABLES } from "./variables/jwt.ts";
import { LATER_VARIABLES } from "./variables/later.ts";
import { LIMIT_VARIABLES } from "./variables/limits.ts";
import { OBSERVING_VARIABLES } from "./variables/observing.ts";
import { QUEUE_VARIABLES } from "./variables/queue.ts";
import { SERVER_VARIABLES } from "./variables/server.ts";
import { STATIC_VARIABLES } from "./variables/static.ts";
import { UPSTREAM_VARIABLES } from "./variables/upstream.ts";

/** The one definition: reader, `--help` and README are made of it. */
export const VARIABLES = {
  ...FUNCTION_VARIABLES,
  ...ANSWER_HEAD_VARIABLES,
  ...UPSTREAM_VARIABLES,
  ...STATIC_VARIABLES,
  ...SERVER_VARIABLES,
  ...LIMIT_VARIABLES,
  ...QUEUE_VARIABLES,
  ...JWT_VARIABLES,
  ...OBSERVING_VARIABLES,
  ...LATER_VARIABLES,
} as const satisfies Readonly<Record<string, Variable>>;

export type VariableName = keyof typeof VARIABLES;

/** The headings of `--help`, in their order. */
export const GROUPS = [
  "Function",
  "Files",
  "Server",
  "Limits",
  "Access",
  "Ending processes",
  "Health and metrics",
  "Logs",
  "Start",
] as const;

/** Name and definition of each, in the order of the definition. */
export const variableEntries = Object.entries(VARIABLES) as readonly (readonly [
  VariableName,
  Variable,
])[];
