import fc from "fast-check";
import { describe, test } from "vitest";
import { parseNetwork } from "../../../../src/core/networks.ts";
import { createCallerResolver } from "../../../../src/gateway/auth/caller.ts";
import { asking } from "./asking.ts";

const trust = (...texts: string[]) =>
  createCallerResolver(texts.flatMap((text) => parseNetwork(text) ?? []));
const behind = trust("10.0.0.0/8", "fd00::/8");

describe("the caller's address", () => {
  test("is the socket's, whatever X-Forwarded-For says, where no proxy is trusted", ({
    expect,
  }) => {
    const request = asking({ "x-forwarded-for": "192.0.2.1" }, "10.1.1.1");
    expect(trust().addressOf(request)).toBe("10.1.1.1");
    expect(trust().isForwarded(request)).toBe(false);
  });

  test("is the socket's where it is not a proxy's", ({ expect }) => {
    const request = asking({ "x-forwarded-for": "192.0.2.1" }, "203.0.113.9");
    expect(behind.addressOf(request)).toBe("203.0.113.9");
  });

  test.for([
    ["192.0.2.1", "192.0.2.1"],
    ["192.0.2.1, 10.2.2.2", "192.0.2.1"],
    ["127.0.0.1, 192.0.2.1, 10.2.2.2,10.3.3.3", "192.0.2.1"],
    ["192.0.2.1:4711", "192.0.2.1"],
    ["[2001:db8::1]:4711", "2001:db8::1"],
    ["2001:db8::1", "2001:db8::1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["10.4.4.4, 10.5.5.5", "10.4.4.4"],
    ["192.0.2.1, unknown", "10.1.1.1"],
    ["", "10.1.1.1"],
  ])("T32: behind a proxy, X-Forwarded-For: %s is %s", ([text, address], { expect }) => {
    expect(behind.addressOf(asking({ "x-forwarded-for": text }, "10.1.1.1"))).toBe(address);
  });

  test("T32: is never what the caller wrote in front of what a proxy added", ({ expect }) => {
    fc.assert(
      fc.property(fc.string(), (invented) => {
        const text = `${invented}, 192.0.2.1`;
        expect(behind.addressOf(asking({ "x-forwarded-for": text }, "10.1.1.1"))).toBe("192.0.2.1");
      }),
    );
  });

  test("is IPv4 also where the socket is one for both families", ({ expect }) => {
    expect(trust().addressOf(asking({}, "::ffff:192.0.2.1"))).toBe("192.0.2.1");
    expect(behind.isForwarded(asking({}, "::ffff:10.1.1.1"))).toBe(true);
  });

  test("is empty for a socket that has gone", ({ expect }) => {
    expect(behind.addressOf({ headers: {}, socket: { remoteAddress: undefined } })).toBe("");
  });
});
