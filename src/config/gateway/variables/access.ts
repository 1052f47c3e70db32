import type { Variable } from "../../variable.ts";

const access = { group: "Access" } as const;
const logs = { group: "Logs" } as const;

/** Who may do what, and what is told of it. */
export const ACCESS_VARIABLES = {
  basic_auth: {
    ...access,
    kind: "boolean",
    origin: "gateway",
    unset: "`false` where `host` is loopback, else `true`",
    text: "Closes `/system` and `/ui/` to all who have neither user and password nor a token. Where there are none in `secret_mount_path`, a password is made at the first start, and the log names its file. `false` opens them, the alert webhook too.",
  },
  secret_mount_path: {
    ...access,
    kind: "text",
    origin: "gateway",
    default: "/run/secrets/",
    text: "The folder of `basic-auth-user` and `basic-auth-password`.",
  },
  alert_auth: {
    ...access,
    kind: "choice",
    origin: "breeze",
    default: "closed",
    choices: ["closed", "open"],
    text: "`open`: Alertmanager needs no password for `/system/alert`, as in 2017. It can have a token of the scope `alert` instead.",
  },
  write_request_uri: {
    ...logs,
    kind: "boolean",
    origin: "gateway",
    default: "false",
    text: "Logs each invocation, with its query too.",
  },
  access_log: {
    ...logs,
    kind: "choice",
    origin: "breeze",
    unset: "`notable`; with `write_request_uri`, `all`",
    choices: ["all", "notable", "none"],
    text: "Which requests have a line in the log. `notable`: those that failed or were refused, and those that change something below `/system`. `all`: invocations and everything else but good answers of `/healthz` and `/metrics`.",
  },
  log_format: {
    ...logs,
    kind: "choice",
    origin: "breeze",
    default: "json",
    choices: ["json", "text"],
    text: "`json`, or `text` for people.",
  },
} as const satisfies Readonly<Record<string, Variable>>;
