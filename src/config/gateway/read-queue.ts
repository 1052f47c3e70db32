import type { Problems } from "../problems.ts";
import type { CallbackConfig, QueueConfig } from "./config.ts";
import type { GatewayReader } from "./gateway-reader.ts";
import { readNetworks } from "./read-list.ts";
import { secretFile } from "./secret-file.ts";

/** Words between dots, without what NATS gives a meaning: blanks, `*` and `>`. */
const SUBJECT = /^[\w-]+(\.[\w-]+)*$/;

export function readQueue(reader: GatewayReader, problems: Problems): QueueConfig {
  const host = reader.value("faas_nats_address");
  const nats = readNats(reader, problems);
  const kind = reader.value("queue") ?? (host === undefined ? "sqlite" : "nats");
  if (kind !== "nats") {
    if (host !== undefined) problems.warn(`faas_nats_address is not used: queue=${kind}`);
    return Object.freeze({ kind });
  }
  if (host === undefined) {
    problems.add("faas_nats_address", undefined, "expected the host of NATS, since queue=nats");
  }
  return Object.freeze({ kind, host: host ?? "", ...nats });
}

function readNats(reader: GatewayReader, problems: Problems) {
  const channel = reader.value("faas_nats_channel");
  if (!SUBJECT.test(channel)) {
    const expected = "expected letters, digits, - and _, with dots between";
    problems.add("faas_nats_channel", channel, expected);
  }
  return {
    port: reader.value("faas_nats_port"),
    channel,
    tls: reader.value("faas_nats_tls"),
    credentialsFile: readSecretFile(reader, "faas_nats_credentials", problems),
    replicas: readReplicas(reader, problems),
  };
}

/** Others keep a message no better than the odd number below them. */
function readReplicas(reader: GatewayReader, problems: Problems): number {
  const replicas = reader.value("faas_nats_replicas");
  if (![1, 3, 5].includes(replicas)) {
    problems.add("faas_nats_replicas", String(replicas), "expected 1, 3 or 5");
  }
  return replicas;
}

export function readCallback(reader: GatewayReader, problems: Problems): CallbackConfig {
  return Object.freeze({
    networks: readNetworks(reader, "callback_networks", problems),
    keyFile: readSecretFile(reader, "callback_key", problems),
  });
}

function readSecretFile(
  reader: GatewayReader,
  variable: "callback_key" | "faas_nats_credentials",
  problems: Problems,
): string | undefined {
  const name = reader.value(variable);
  return name === undefined ? undefined : secretFile(reader, variable, name, problems);
}
