import type { Variable, VariableEntry } from "../variable.ts";
import { ACCESS_VARIABLES } from "./variables/access.ts";
import { FUNCTION_VARIABLES } from "./variables/functions.ts";
import { QUEUE_VARIABLES } from "./variables/queue.ts";
import { SERVER_VARIABLES } from "./variables/server.ts";
import { REFUSED_VARIABLES, UNUSED_VARIABLES } from "./variables/unused.ts";

/** The one definition of the gateway's variables: reader, `--help` and README are made of it. */
export const GATEWAY_VARIABLES = {
  ...SERVER_VARIABLES,
  ...FUNCTION_VARIABLES,
  ...QUEUE_VARIABLES,
  ...ACCESS_VARIABLES,
  ...UNUSED_VARIABLES,
  ...REFUSED_VARIABLES,
} as const satisfies Readonly<Record<string, Variable>>;

/** The headings of `--help`, in their order. */
export const GATEWAY_GROUPS = [
  "Server",
  "Functions",
  "Scaling",
  "Queue",
  "Access",
  "Logs",
  "Not used",
] as const;

export const gatewayEntries: readonly VariableEntry[] = Object.entries(GATEWAY_VARIABLES);
