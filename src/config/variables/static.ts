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

/** Files. */
export const STATIC_VARIABLES = {
  static_spa: { ...refused, text: "Of `mode=static`." },
  static_path: { ...unused, modes: ["static"], text: "Of `mode=static`." },
} as const satisfies Readonly<Record<string, Variable>>;
