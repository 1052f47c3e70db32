import type { Variable } from "../../variable.ts";

const unused = { group: "Not used", kind: "text", origin: "gateway", unset: "not used" } as const;

/** Of other gateways, and without a meaning here: a stack file that sets them needs no change, and the log says so. */
export const UNUSED_VARIABLES = {
  functions_provider_url: { ...unused, text: "`provider` says what runs functions." },
  logs_provider_url: { ...unused, text: "The provider has the logs." },
  direct_functions: { ...unused, text: "Functions are always asked directly." },
  direct_functions_suffix: { ...unused, text: "Functions are found by their provider." },
  probe_functions: { ...unused, text: "Replicas are asked for nothing before they are ready." },
  max_idle_conns: {
    ...unused,
    text: "A connection to a function is kept for a second after its last request.",
  },
  max_idle_conns_per_host: { ...unused, text: "The same." },
  dnsrr: { ...unused, text: "Replicas are found by their provider." },
  faas_prometheus_host: { ...unused, text: "Invocations are counted by the gateway itself." },
  faas_prometheus_port: { ...unused, text: "The same." },
  faas_nats_cluster_name: { ...unused, text: "JetStream has no such name." },
  auth_proxy_pass_body: { ...unused, text: "There is no `auth_proxy_url`." },
} as const satisfies Readonly<Record<string, Variable>>;

/** Refused, because whoever sets it relies on it to keep others out. */
export const REFUSED_VARIABLES = {
  auth_proxy_url: {
    ...unused,
    refusedSince: "0.1.0",
    text: "A service that decides who is let in: use `basic_auth` or tokens.",
  },
} as const satisfies Readonly<Record<string, Variable>>;
