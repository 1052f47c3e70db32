import { PROGRAM_MODES, type Variable } from "../variable.ts";

/** Where it listens, and how long things may take. */
export const SERVER_VARIABLES = {
  port: {
    group: "Server",
    kind: "port",
    origin: "both",
    default: "8080",
    text: "The port to listen on; `0` takes a free one.",
  },
  host: {
    group: "Server",
    kind: "host",
    origin: "breeze",
    unset: "all interfaces",
    text: "The address to listen on, for metrics too.",
  },
  PORT: {
    group: "Server",
    kind: "port",
    origin: "breeze",
    unset: "not used",
    text: "Taken for `port` where that is unset, as Knative and Cloud Run expect. Not in `http`, where it is the program's.",
  },
  read_timeout: {
    group: "Server",
    kind: "duration",
    origin: "both",
    default: "30s",
    text: "For receiving a request, headers and body; also how long an idle connection is kept.",
  },
  write_timeout: {
    group: "Server",
    kind: "duration",
    origin: "both",
    default: "30s",
    text: "For sending an answer without progress. The program's own time is bounded by `exec_timeout` alone.",
  },
  exec_timeout: {
    group: "Server",
    kind: "duration",
    origin: "both",
    default: {
      classic: "0s",
      serializing: "30s",
      streaming: "30s",
      http: "30s",
      static: "30s",
      cgi: "30s",
    },
    modes: PROGRAM_MODES,
    text: "For the program, from its start. When it is over the answer leaves at once and the program is ended.",
  },
  server_timing: {
    group: "Server",
    kind: "boolean",
    origin: "breeze",
    default: "false",
    modes: PROGRAM_MODES,
    text: "Adds `Server-Timing` to answers: wall clock, CPU time and peak memory of this invocation.",
  },
  compat: {
    group: "Server",
    kind: "choice",
    origin: "breeze",
    default: "none",
    choices: ["none", "openfaas"],
    text: "`openfaas` brings two mended faults back: the 200 of `streaming` for a program that failed, and the endless 503 of `suppress_lock`.",
  },
} as const satisfies Readonly<Record<string, Variable>>;
