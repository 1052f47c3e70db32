import type { Variable } from "../variable.ts";

/** Refused at start, because ignoring them would break a promise that their author relies on. */
const refused = { group: "Start", kind: "text", origin: "breeze", refusedSince: "0.1.0" } as const;

/** Of modes that are not in this version: what an image for several modes sets is no mistake. */
const unused = {
  group: "Start",
  kind: "text",
  origin: "of",
  modes: [],
  unset: "not used",
} as const;

export const LATER_VARIABLES = {
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
  max_queue: { ...refused, text: "How many requests wait for a place." },
  queue_timeout: { ...refused, text: "How long a request waits for a place." },
  queue_fair_by: { ...refused, text: "The header whose values share the queue fairly." },
  control_fd: { ...refused, text: "A descriptor by which the program sets status and headers." },
  exit_codes: { ...refused, text: "Which exit code becomes which status." },
  prefork: { ...refused, text: "How many started processes wait for requests." },
  prefork_settle: { ...refused, text: "When a waiting process counts as started." },
  request_frame: { ...refused, text: "How a waiting process is told of its request." },
  "limit_*": { ...refused, text: "Limits of one process." },
  static_spa: { ...refused, text: "Of `mode=static`." },
  static_path: { ...unused, modes: ["static"], text: "Of `mode=static`." },
  upstream_url: { ...unused, modes: ["http"], text: "Of `mode=http`." },
  http_upstream_url: { ...unused, modes: ["http"], text: "Of `mode=http`." },
  http_buffer_req_body: { ...unused, modes: ["http"], text: "Of `mode=http`." },
  buffer_http: { ...unused, modes: ["http"], text: "Of `mode=http`." },
} as const satisfies Readonly<Record<string, Variable>>;
