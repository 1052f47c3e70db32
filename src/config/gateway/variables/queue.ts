import type { Variable } from "../../variable.ts";

const queue = { group: "Queue" } as const;

/** Where accepted asynchronous invocations are. */
export const QUEUE_VARIABLES = {
  queue: {
    ...queue,
    kind: "choice",
    origin: "breeze",
    choices: ["sqlite", "nats", "none"],
    unset: "`nats` where `faas_nats_address` is set, else `sqlite`",
    text: "What keeps asynchronous invocations: a file in `data_dir`, which a loss of power does not harm, or NATS JetStream, which several gateways can share and whose `sync_interval` says what a loss of power can cost. `none`: `/async-function` answers 404.",
  },
  faas_nats_address: {
    ...queue,
    kind: "host",
    origin: "gateway",
    unset: "none",
    text: "The host of NATS, which must have JetStream (`nats-server -js`). It is waited for at the start, up to two minutes; `/async-function` answers 503 while it is away.",
  },
  faas_nats_port: {
    ...queue,
    kind: "port",
    origin: "gateway",
    default: "4222",
    text: "Its port.",
  },
  faas_nats_channel: {
    ...queue,
    kind: "text",
    origin: "gateway",
    default: "faas-request",
    text: "What the names of streams and subjects begin with. Gateways with the same one share their queue.",
  },
  faas_nats_credentials: {
    ...queue,
    kind: "text",
    origin: "breeze",
    unset: "none",
    text: "The name of a file in `secret_mount_path` with what NATS asks for: `USER:PASSWORD`, a token, or a credentials file as `nsc` makes it.",
  },
  faas_nats_tls: {
    ...queue,
    kind: "boolean",
    origin: "breeze",
    default: "false",
    text: "Talks to NATS over TLS only. `NODE_EXTRA_CA_CERTS` names certificates of authorities that are not public.",
  },
  faas_nats_replicas: {
    ...queue,
    kind: "integer",
    origin: "breeze",
    default: "1",
    text: "How many servers of a NATS cluster keep each invocation: 1, 3 or 5.",
  },
  max_async_body: {
    ...queue,
    kind: "bytes",
    origin: "breeze",
    default: "64MiB",
    text: "The largest body of an asynchronous invocation, which is kept whole; a larger one is answered 413. `0`: no limit.",
  },
  callback_networks: {
    ...queue,
    kind: "text",
    origin: "breeze",
    unset: "none: public addresses only",
    text: "Networks inside, such as `10.1.0.0/16`, that `X-Callback-Url` may reach all the same.",
  },
  callback_key: {
    ...queue,
    kind: "text",
    origin: "breeze",
    unset: "callbacks are not signed",
    text: "The name of a file in `secret_mount_path`: the key that callbacks are signed with (HMAC-SHA256).",
  },
} as const satisfies Readonly<Record<string, Variable>>;
