import { MODES, type Variable } from "../variable.ts";

/** What is run, and what it is given. */
export const FUNCTION_VARIABLES = {
  fprocess: {
    group: "Function",
    kind: "text",
    origin: "both",
    unset: "none, must be set",
    text: "The program and its arguments, split at single spaces: no quotes, no shell. A name without `/` is looked up in `PATH`.",
  },
  function_process: {
    group: "Function",
    kind: "text",
    origin: "of",
    unset: "`fprocess`",
    modes: ["serializing", "streaming"],
    text: "The same as `fprocess`, and wins over it where `mode` is set.",
  },
  fprocess_shell_words: {
    group: "Function",
    kind: "boolean",
    origin: "breeze",
    default: "false",
    text: "Reads quotes and backslashes in the program's arguments as a shell does. Nothing is expanded.",
  },
  mode: {
    group: "Function",
    kind: "choice",
    origin: "of",
    default: "classic",
    choices: MODES,
    text: "`classic`, `serializing` or `streaming`. Where it is set to one of the latter, defaults and booleans are of-watchdog's.",
  },
  cgi_headers: {
    group: "Function",
    kind: "boolean",
    origin: "classic",
    default: "true",
    text: "Gives the program the request's method, path, query and headers as `Http_*` variables.",
  },
  marshal_request: {
    group: "Function",
    kind: "boolean",
    origin: "classic",
    default: "false",
    modes: ["classic"],
    text: "Writes one JSON object with headers and base64 body to stdin instead of the body.",
  },
  combine_output: {
    group: "Function",
    kind: "boolean",
    origin: "classic",
    default: { classic: "true", serializing: "false", streaming: "false" },
    text: "Puts stderr into the answer, in order with stdout; otherwise it goes to the log.",
  },
  content_type: {
    group: "Function",
    kind: "header-value",
    origin: "both",
    default: { serializing: "application/octet-stream", streaming: "application/octet-stream" },
    unset: "the request's own, else sniffed",
    text: "The `Content-Type` of answers.",
  },
} as const satisfies Readonly<Record<string, Variable>>;
