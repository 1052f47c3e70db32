import type { Variable } from "../../variable.ts";

const server = { group: "Server" } as const;

/** Where it listens, and how long things may take. */
export const SERVER_VARIABLES = {
  port: {
    ...server,
    kind: "port",
    origin: "breeze",
    default: "8080",
    text: "The port to listen on; `0` takes a free one.",
  },
  host: {
    ...server,
    kind: "host",
    origin: "breeze",
    default: "127.0.0.1",
    text: "The address to listen on, for metrics too. `0.0.0.0` is all of them; then `/system` is closed, see `basic_auth`.",
  },
  metrics_port: {
    ...server,
    kind: "port",
    origin: "breeze",
    default: "8082",
    text: "The port of `/metrics` and `/healthz`; `0`: none. `/metrics` is on `port` besides.",
  },
  read_timeout: {
    ...server,
    kind: "duration",
    origin: "gateway",
    default: "60s",
    text: "For receiving a request, headers and body; also how long an idle connection is kept.",
  },
  write_timeout: {
    ...server,
    kind: "duration",
    origin: "gateway",
    default: "60s",
    text: "For sending an answer without progress. A function's own time is bounded by `upstream_timeout` alone.",
  },
  upstream_timeout: {
    ...server,
    kind: "duration",
    origin: "gateway",
    default: "60s",
    text: "For a function, until its answer begins; then 504. Its annotation `com.openfaas.timeout` wins. `0`: no limit.",
  },
  shutdown_timeout: {
    ...server,
    kind: "duration",
    origin: "breeze",
    unset: "`upstream_timeout`",
    text: "Bounds the whole stop; what still runs then is ended.",
  },
  drain_grace: {
    ...server,
    kind: "duration",
    origin: "breeze",
    default: "0s",
    text: "On SIGTERM: how long `/healthz` says 503 while newcomers are still served, before the port closes. A load balancer needs some seconds.",
  },
  trusted_proxies: {
    ...server,
    kind: "text",
    origin: "breeze",
    unset: "none",
    text: "Networks of the proxies in front, such as `10.0.0.0/8,fd00::/8`: their `X-Forwarded-For`, `-Host` and `-Proto` count, nobody else's.",
  },
  hosts: {
    ...server,
    kind: "text",
    origin: "breeze",
    unset: "none",
    text: "Names that the gateway is called by, such as `gateway.example.com,faas.example.com`. An open `/system` answers to these, to IP addresses and to names without a dot.",
  },
  function_domain: {
    ...server,
    kind: "host",
    origin: "breeze",
    unset: "none",
    text: "With `example.com`, the host `NAME.example.com` is the function NAME.",
  },
} as const satisfies Readonly<Record<string, Variable>>;
