import type { Problems } from "../problems.ts";
import type { CallbackConfig, QueueConfig } from "./config.ts";
import type { GatewayReader } from "./gateway-reader.ts";
import { readNetworks } from "./read-list.ts";
import { secretFile } from "./secret-file.ts";

/** Words between dots, without what NATS gives a meaning: blanks, `*` and `>`. */
const SUBJECT = /^[\w-]+(\.[\w-]+)*$/;

export function readQueue(reader: GatewayReader, problems: Problems): QueueConfig {
  const host = reader.value("faas_nats_address");
  const channel = reader.value("faas_nats_channel");
  const port = reader.value("faas_nats_port");
  if (!SUBJECT.test(channel)) {
    problems.add(
      "faas_nats_channel",
      channel,
      "expected letters, digits, - and _, with dots between",
    );
  }
  const kind = reader.value("queue") ?? (host === undefined ? "sqlite" : "nats");
  if (kind !== "nats") {
    if (host !== undefined) problems.warn(`faas_nats_address is not used: queue=${kind}`);
    return Object.freeze({ kind });
  }
  if (host === undefined) {
    problems.add("faas_nats_address", undefined, "expected the host of NATS, since queue=nats");
  }
  return Object.freeze({ kind, host: host ?? "", port, channel });
}

export function readCallback(reader: GatewayReader, problems: Problems): CallbackConfig {
  const name = reader.value("callback_key");
  return Object.freeze({
    networks: readNetworks(reader, "callback_networks", problems),
    keyFile: name === undefined ? undefined : secretFile(reader, "callback_key", name, problems),
  });
}
