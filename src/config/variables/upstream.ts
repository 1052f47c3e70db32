import type { Variable } from "../variable.ts";

const http = { group: "Function", modes: ["http"] } as const;

/** A program that serves HTTP itself. */
export const UPSTREAM_VARIABLES = {
  upstream_url: {
    ...http,
    kind: "text",
    origin: "of",
    unset: "none, must be set",
    text: "Where the program listens: `http://HOST:PORT`, with a path that goes before each request's if need be, or `unix:/PATH` of a socket.",
  },
  http_upstream_url: {
    ...http,
    kind: "text",
    origin: "of",
    unset: "`upstream_url`",
    text: "The same, and wins over it.",
  },
  http_buffer_req_body: {
    ...http,
    kind: "boolean",
    origin: "of",
    default: "false",
    text: "Takes each body whole before the program gets it, with its length, for servers that know no chunks. Above 1 MiB it waits in a file.",
  },
  buffer_http: {
    ...http,
    kind: "boolean",
    origin: "of",
    default: "false",
    text: "The same.",
  },
  stream_idle_timeout: {
    ...http,
    kind: "duration",
    origin: "breeze",
    default: "5m",
    text: "How long a stream (an answer of `text/event-stream` or ndjson, a WebSocket) may be silent. `0`: no limit.",
  },
  stream_timeout: {
    ...http,
    kind: "duration",
    origin: "breeze",
    default: "0s",
    text: "How long a stream may take in all; `exec_timeout` bounds the time until it begins. `0`: no limit.",
  },
} as const satisfies Readonly<Record<string, Variable>>;
