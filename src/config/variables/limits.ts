import type { Variable } from "../variable.ts";

/** How much there may be at once, and how processes end. */
export const LIMIT_VARIABLES = {
  max_inflight: {
    group: "Limits",
    kind: "integer",
    origin: "both",
    default: "0",
    text: "Invocations at a time; one more is answered 429, or waits (`max_queue`). `0` or less: no limit.",
  },
  max_body: {
    group: "Limits",
    kind: "bytes",
    origin: "breeze",
    unset: "no limit",
    text: "The largest body; a larger one is answered 413 before the program starts. `0`: no limit.",
  },
  max_output: {
    group: "Limits",
    kind: "bytes",
    origin: "breeze",
    default: { classic: "1GiB", serializing: "1GiB" },
    unset: "no limit",
    text: "The largest output; more ends the program and is answered 502. `0`: no limit.",
  },
  cancel_on_disconnect: {
    group: "Ending processes",
    kind: "boolean",
    origin: "breeze",
    default: "true",
    text: "Ends the program when its client leaves.",
  },
  term_grace: {
    group: "Ending processes",
    kind: "duration",
    origin: "breeze",
    default: "1s",
    text: "Between TERM and KILL for what has to end. `0`: KILL at once.",
  },
  daemons: {
    group: "Ending processes",
    kind: "choice",
    origin: "breeze",
    default: "kill",
    choices: ["kill", "keep"],
    text: "What the program leaves running behind its answer is ended (`kill`), or lives on (`keep`).",
  },
  cgroups: {
    group: "Ending processes",
    kind: "choice",
    origin: "breeze",
    default: "off",
    choices: ["off", "on"],
    text: "`on`: each program runs in a control group (cgroup v2) of its own, so that nothing it starts gets away, where the watchdog may make one; elsewhere a warning says so.",
  },
  healthcheck_interval: {
    group: "Ending processes",
    kind: "duration",
    origin: "both",
    unset: "`write_timeout`, at most 5s",
    text: "On SIGTERM: how long health says 503 while newcomers are still served, before the port closes. `0`: not at all.",
  },
  shutdown_timeout: {
    group: "Ending processes",
    kind: "duration",
    origin: "breeze",
    unset: "`write_timeout`",
    text: "Bounds the whole stop; what still runs then is ended.",
  },
} as const satisfies Readonly<Record<string, Variable>>;
