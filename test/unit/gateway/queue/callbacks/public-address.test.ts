import { describe, test } from "vitest";
import { isPublicAddress } from "../../../../../src/gateway/queue/callbacks/public-address.ts";

describe("T30: an address", () => {
  test.for([
    ["this network", "0.0.0.0"],
    ["this network", "0.1.2.3"],
    ["private", "10.0.0.1"],
    ["private", "172.16.0.1"],
    ["private", "172.31.255.255"],
    ["private", "192.168.1.1"],
    ["carrier-grade NAT", "100.64.0.1"],
    ["carrier-grade NAT", "100.127.255.255"],
    ["loopback", "127.0.0.1"],
    ["loopback", "127.255.255.254"],
    ["the metadata of a cloud", "169.254.169.254"],
    ["for protocols", "192.0.0.192"],
    ["for documents", "192.0.2.1"],
    ["for documents", "198.51.100.1"],
    ["for documents", "203.0.113.1"],
    ["a relay of 6to4", "192.88.99.1"],
    ["for benchmarks", "198.19.0.1"],
    ["multicast", "224.0.0.1"],
    ["reserved", "240.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["unspecified", "::"],
    ["loopback", "::1"],
    ["loopback in IPv4-mapped form", "::ffff:127.0.0.1"],
    ["public in IPv4-mapped form", "::ffff:8.8.8.8"],
    ["IPv4-compatible", "::7f00:1"],
    ["NAT64", "64:ff9b::7f00:1"],
    ["NAT64 of a network's own", "64:ff9b:1::1"],
    ["for discarding", "100::1"],
    ["Teredo", "2001:0:1::1"],
    ["for documents", "2001:db8::1"],
    ["for documents", "3fff::1"],
    ["6to4", "2002:7f00:1::1"],
    ["unique local", "fd00:ec2::254"],
    ["link-local", "fe80::1"],
    ["site-local", "fec0::1"],
    ["multicast", "ff02::1"],
  ])("that is %s is not public: %s", ([, address], { expect }) => {
    expect(isPublicAddress(address as string)).toBe(false);
  });

  test.for([
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001:800::200e",
  ])("out on the internet is public: %s", (address, { expect }) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});
