import { isIP } from "node:net";
import fc from "fast-check";
import { describe, test } from "vitest";
import { createNetworkMatcher, isLoopback, parseNetwork } from "../../../src/core/networks.ts";
import { networksOf } from "../../support/networks.ts";

describe("a network", () => {
  test.for([
    "10.0.0.0/8",
    "0.0.0.0/0",
    "192.0.2.7",
    "fd00::/8",
    "::1",
    "::/0",
    "::ffff:10.0.0.0/104",
  ])("can be %s", (text, { expect }) => {
    expect(parseNetwork(text)).toBeDefined();
  });

  test.for([
    "",
    "10.0.0/8",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "010.0.0.1",
    "::1/129",
    "example.com",
    " 10.0.0.1",
    "fe80::1%eth0",
  ])("cannot be %j", (text, { expect }) => {
    expect(parseNetwork(text)).toBeUndefined();
  });

  test("has the addresses with the same first bits, and no others", ({ expect }) => {
    const isIn = createNetworkMatcher(networksOf("10.1.0.0/16", "192.0.2.7", "fd00::/8"));
    for (const address of ["10.1.0.0", "10.1.255.255", "192.0.2.7", "fd12::1", "::ffff:10.1.2.3"]) {
      expect(isIn(address), address).toBe(true);
    }
    for (const address of ["10.2.0.0", "192.0.2.8", "fe80::1", "::ffff:10.2.0.1", "", "nonsense"]) {
      expect(isIn(address), address).toBe(false);
    }
  });

  test("of IPv4 is what the bits say, whatever the address", ({ expect }) => {
    const toNumber = (address: string) =>
      address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
    fc.assert(
      fc.property(
        fc.ipV4(),
        fc.ipV4(),
        fc.integer({ min: 0, max: 32 }),
        (network, address, bits) => {
          if (isIP(network) !== 4 || isIP(address) !== 4) return;
          const size = 2 ** (32 - bits);
          const isSame =
            Math.floor(toNumber(network) / size) === Math.floor(toNumber(address) / size);
          expect(createNetworkMatcher(networksOf(`${network}/${bits}`))(address)).toBe(isSame);
        },
      ),
    );
  });
});

test("loopback is what only this machine reaches", ({ expect }) => {
  for (const host of [
    "127.0.0.1",
    "127.9.9.9",
    "::1",
    "localhost",
    "LOCALHOST",
    "::ffff:127.0.0.1",
  ]) {
    expect(isLoopback(host), host).toBe(true);
  }
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "localhost.example.com", ""]) {
    expect(isLoopback(host), host).toBe(false);
  }
});
