import { BlockList, isIP } from "node:net";
import { isPublicAddress } from "./public-address.ts";

/** What callbacks reach besides the public internet. */
export interface AllowList {
  /** Whatever this name resolves to. In small letters. */
  hasHost(host: string): boolean;
  /** Public ones, too. */
  hasAddress(address: string): boolean;
}

/**
 * Of names (`hooks.internal`), addresses (`10.1.2.3`, `fd00::1`) and networks (`10.0.0.0/8`). Throws `TypeError`, with the
 * entry in its message, for anything else.
 */
export function createAllowList(entries: readonly string[]): AllowList {
  const hosts = new Set<string>();
  const networks = new BlockList();
  for (const entry of entries) {
    if (isIP(entry.split("/")[0] as string) > 0) addNetwork(networks, entry);
    else if (NAME.test(entry)) hosts.add(entry.toLowerCase());
    else throw new TypeError(`${entry} is no host name, address or network`);
  }
  return {
    hasHost: (host) => hosts.has(host),
    hasAddress: (address) =>
      isPublicAddress(address) || networks.check(address, isIP(address) === 6 ? "ipv6" : "ipv4"),
  };
}

const NAME = /^[a-z\d]([\w-]*[a-z\d])?(\.[a-z\d]([\w-]*[a-z\d])?)*$/i;

function addNetwork(networks: BlockList, entry: string): void {
  const [address = "", bits, ...rest] = entry.split("/");
  const isV6 = isIP(address) === 6;
  const width = isV6 ? 128 : 32;
  const size = bits === undefined ? width : Number(bits);
  const isSize = bits === undefined || (/^\d{1,3}$/.test(bits) && size <= width);
  if (!isSize || rest.length > 0) throw new TypeError(`${entry} is no network`);
  networks.addSubnet(address, size, isV6 ? "ipv6" : "ipv4");
}
