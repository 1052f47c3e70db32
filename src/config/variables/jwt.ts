import type { Variable } from "../variable.ts";

/** Refused at start, because ignoring them would break a promise that their author relies on. */
const refused = { group: "Start", kind: "text", origin: "breeze", refusedSince: "0.1.0" } as const;

/** Of a mode that is not in this version: what an image for several modes sets is no mistake. */
const unused = {
  group: "Start",
  kind: "text",
  origin: "of",
  modes: [],
  unset: "not used",
} as const;

/** Who is let in. */
export const JWT_VARIABLES = {
  jwt_auth: {
    ...refused,
    kind: "boolean",
    origin: "both",
    default: "false",
    text: "Admits only requests with a token of the gateway's. `1` is refused too: where a token is asked for, none goes in without.",
  },
  jwt_auth_debug: {
    ...unused,
    text: "Of `jwt_auth`.",
  },
  jwt_auth_local: {
    ...unused,
    text: "Of `jwt_auth`.",
  },
} as const satisfies Readonly<Record<string, Variable>>;
