import { isAbsolute } from "node:path";
import type { Problems } from "../problems.ts";
import type { AccessConfig } from "./config.ts";
import { fromLatin1 } from "./from-latin1.ts";
import type { GatewayReader } from "./gateway-reader.ts";
import { readList, readNetworks } from "./read-list.ts";

export function readAccess(reader: GatewayReader, problems: Problems): AccessConfig {
  const secretMountPath = fromLatin1(reader.value("secret_mount_path"));
  if (!isAbsolute(secretMountPath)) {
    problems.add("secret_mount_path", secretMountPath, "expected an absolute path");
  }
  return Object.freeze({
    basicAuth: reader.value("basic_auth"),
    secretMountPath,
    isSecretMountPathSet: reader.isSet("secret_mount_path"),
    alertAuth: reader.value("alert_auth"),
    hosts: readHosts(reader, problems),
    trustedProxies: readNetworks(reader, "trusted_proxies", problems),
  });
}

const HOST = /^[a-z\d]([a-z\d.-]*[a-z\d])?$/;

function readHosts(reader: GatewayReader, problems: Problems): readonly string[] {
  const hosts = readList(reader, "hosts").map((host) => host.toLowerCase());
  for (const host of hosts) {
    if (!HOST.test(host))
      problems.add("hosts", host, "expected a name such as gateway.example.com");
  }
  return Object.freeze(hosts);
}
