import { BlockList, isIP } from "node:net";

/** A network of IP addresses, as it was written: `10.0.0.0/8`, `fd00::/8`; a single address has all of its bits. */
export interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: "ipv4" | "ipv6";
}

/** `undefined` where it is none: an address, behind it perhaps `/` and a number of bits. */
export function parseNetwork(text: string): Network | undefined {
  const [, address = "", bitsText] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const all = version === 4 ? 32 : 128;
  const bits = bitsText === undefined ? all : Number(bitsText);
  if (bits > all) return undefined;
  return { address, bits, family: version === 4 ? "ipv4" : "ipv6" };
}

/** Whether an address is one of those that are meant. */
export type AddressMatcher = (address: string) => boolean;

/** Whether an address is in one of the networks. IPv4 in the clothes of IPv6 (`::ffff:10.0.0.1`) is IPv4. */
export function createNetworkMatcher(networks: readonly Network[]): AddressMatcher {
  if (networks.length === 0) return () => false;
  const list = new BlockList();
  for (const { address, bits, family } of networks) list.addSubnet(address, bits, family);
  return (address) => {
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? "ipv4" : "ipv6");
  };
}

const LOOPBACK = createNetworkMatcher([
  { address: "127.0.0.0", bits: 8, family: "ipv4" },
  { address: "::1", bits: 128, family: "ipv6" },
]);

/** Whether only this machine reaches what listens at a host: an address or a name. */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === "localhost" || LOOPBACK(host);
}
