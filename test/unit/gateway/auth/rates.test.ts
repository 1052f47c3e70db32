import fc from "fast-check";
import { describe, test } from "vitest";
import { CallerBuckets, toCaller } from "../../../../src/gateway/auth/caller-buckets.ts";
import { parseRate, type Rate } from "../../../../src/gateway/auth/rate.ts";
import { TokenBucket } from "../../../../src/gateway/auth/token-bucket.ts";

const rate = (text: string): Rate => {
  const parsed = parseRate(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

describe("a rate", () => {
  test.for([
    ["100/s", 100, 100],
    ["600/m", 10, 10],
    ["30/m", 0.5, 1],
    ["3600/h", 1, 1],
    ["0.5/s", 0.5, 1],
    [" 10/s burst 50 ", 10, 50],
  ] as const)("can be %j", ([text, perSecond, burst], { expect }) => {
    expect(parseRate(text)).toEqual({ perSecond, burst, text: text.trim() });
  });

  test.for(["", "100", "0/s", "-1/s", "1/d", "1/s burst 0", "1/sburst 2", "1e9/s", "NaN/s", "∞/s"])(
    "cannot be %j",
    (text, { expect }) => {
      expect(parseRate(text)).toBeUndefined();
    },
  );
});

describe("a bucket", () => {
  test("lets a burst pass, then one whenever its time has come", ({ expect }) => {
    const bucket = new TokenBucket(rate("10/s burst 3"), 0);
    expect([0, 0, 0, 0].map((now) => bucket.take(now))).toEqual([0, 0, 0, 100]);
    expect(bucket.take(60)).toBeCloseTo(40);
    expect([bucket.take(100), bucket.take(100)]).toEqual([0, 100]);
  });

  test("does not fill beyond its burst, however long nobody comes", ({ expect }) => {
    const bucket = new TokenBucket(rate("10/s burst 2"), 0);
    const passed = [1, 2, 3].filter(() => bucket.take(3_600_000) === 0);
    expect(passed).toHaveLength(2);
  });

  test("gives nothing for a clock that goes back", ({ expect }) => {
    const bucket = new TokenBucket(rate("1/s"), 1000);
    expect(bucket.take(1000)).toBe(0);
    expect(bucket.take(0)).toBe(1000);
  });

  test("never lets more pass than burst and rate allow, and all that they allow", ({ expect }) => {
    const gaps = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 50 }), (waits, burst) => {
        const bucket = new TokenBucket(rate(`10/s burst ${burst}`), 0);
        let [now, passed] = [0, 0];
        for (const wait of waits) {
          now += wait;
          const waitMs = bucket.take(now);
          now += waitMs === 0 ? 0 : Math.ceil(waitMs + 1e-6);
          if (waitMs !== 0) expect(bucket.take(now)).toBe(0);
          passed += 1;
        }
        expect(passed).toBeLessThanOrEqual(burst + now / 100 + 1e-6);
      }),
    );
  });
});

describe("callers", () => {
  test("have a bucket each", ({ expect }) => {
    const callers = new CallerBuckets(rate("1/s"), 10);
    expect(callers.of("a", 0).take(0)).toBe(0);
    expect(callers.of("b", 0).take(0)).toBe(0);
    expect(callers.of("a", 0).take(0)).toBe(1000);
  });

  test("are forgotten when many others came since, and only then", ({ expect }) => {
    const callers = new CallerBuckets(rate("1/h"), 10);
    const first = callers.of("first", 0);
    for (let index = 0; index < 10; index += 1) callers.of(`other ${index}`, 0);
    expect(callers.of("first", 0)).toBe(first);
    for (let index = 0; index < 100; index += 1) callers.of(`newcomer ${index}`, 0);
    expect(callers.of("first", 0)).not.toBe(first);
  });

  test.for([
    ["192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["fe80::", "fe80:0:0:0"],
    ["2001:db8:1:2::", "2001:db8:1:2"],
  ] as const)(
    "who come from %s are %s: a network of IPv6 is one caller",
    ([address, caller], { expect }) => {
      expect(toCaller(address)).toBe(caller);
    },
  );
});
