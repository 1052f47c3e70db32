import { BlockList, isIPv4 } from "node:net";

/**
 * Whether an address is out on the internet, for everybody: what is inside a machine, a network or a provider's is not
 * (RFC 6890 and IANA's registries of special addresses). IPv6: only what is given out for unicast (2000::/3), so that
 * loopback, link-local, unique local, multicast, IPv4-mapped and -compatible, and NAT64 are out without being named.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !SPECIAL_V4.check(address);
  return UNICAST_V6.check(address, "ipv6") && !SPECIAL_V6.check(address, "ipv6");
}

const SPECIAL_V4 = listOf("ipv4", [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10", // carrier-grade NAT
  "127.0.0.0/8",
  "169.254.0.0/16", // link-local, and the clouds' metadata
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3", // multicast, reserved, broadcast
]);

const UNICAST_V6 = listOf("ipv6", ["2000::/3"]);

const SPECIAL_V6 = listOf("ipv6", [
  "2001::/23", // Teredo and other protocols: IPv4 addresses in disguise
  "2001:db8::/32",
  "2002::/16", // 6to4, the same
  "3fff::/20",
]);

function listOf(family: "ipv4" | "ipv6", subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = "", bits] = subnet.split("/");
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
