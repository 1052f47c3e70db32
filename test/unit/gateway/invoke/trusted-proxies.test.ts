import { test } from "vitest";
import { TrustedProxies } from "../../../../src/gateway/invoke/trusted-proxies.ts";

test("T32: an address is trusted that is named, or in a network that is", ({ expect }) => {
  const proxies = new TrustedProxies(["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"]);
  for (const address of ["10.9.8.7", "192.0.2.1", "2001:db8::1"]) {
    expect([address, proxies.has(address)]).toEqual([address, true]);
  }
  for (const address of ["11.0.0.1", "192.0.2.2", "2001:db9::1", ""]) {
    expect([address, proxies.has(address)]).toEqual([address, false]);
  }
  expect(new TrustedProxies([]).has("127.0.0.1")).toBe(false);
});

test("what is no address and no network is refused, and named", ({ expect }) => {
  for (const text of ["", "proxy", "10.0.0.0/33", "::/129", "10.0.0.0/8/8", "10.0.0/8"]) {
    expect(() => new TrustedProxies([text])).toThrow(`trusted_proxies: "${text}"`);
  }
});
