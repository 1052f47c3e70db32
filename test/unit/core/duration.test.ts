import fc from "fast-check";
import { describe, test } from "vitest";
import {
  formatDuration,
  formatNanoseconds,
  parseDuration,
  parseSecondsOrDuration,
  toMilliseconds,
} from "../../../src/core/duration.ts";

const MICROSECOND = 1_000n;
const MILLISECOND = 1_000_000n;
const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const LARGEST = 2n ** 63n - 1n;

describe("a duration in Go's grammar", () => {
  test.for<[string, bigint]>([
    ["0", 0n],
    ["+0", 0n],
    ["-0", 0n],
    ["5s", 5n * SECOND],
    ["+5s", 5n * SECOND],
    ["-5s", -5n * SECOND],
    ["1478s", 1478n * SECOND],
    ["5.0s", 5n * SECOND],
    ["5.6s", 5n * SECOND + 600n * MILLISECOND],
    ["5.s", 5n * SECOND],
    [".5s", 500n * MILLISECOND],
    ["1.004s", SECOND + 4n * MILLISECOND],
    ["1.0040s", SECOND + 4n * MILLISECOND],
    ["100.00100s", 100n * SECOND + MILLISECOND],
    ["10ns", 10n],
    ["11us", 11n * MICROSECOND],
    ["12\u00b5s", 12n * MICROSECOND],
    ["12\u03bcs", 12n * MICROSECOND],
    ["13ms", 13n * MILLISECOND],
    ["15m", 15n * MINUTE],
    ["16h", 16n * HOUR],
    ["3h30m", 3n * HOUR + 30n * MINUTE],
    ["10.5s4m", 4n * MINUTE + 10n * SECOND + 500n * MILLISECOND],
    ["-2m3.4s", -(2n * MINUTE + 3n * SECOND + 400n * MILLISECOND)],
    ["1h2m3s4ms5us6ns", HOUR + 2n * MINUTE + 3n * SECOND + 4n * MILLISECOND + 5_006n],
    ["1h.5m", HOUR + 30n * SECOND],
    ["9007199254740993ns", 9_007_199_254_740_993n],
    ["9223372036854775807ns", LARGEST],
    ["9223372036854775.807us", LARGEST],
    ["9223372036s854ms775us807ns", LARGEST],
    ["-9223372036854775808ns", -LARGEST - 1n],
    ["-2562047h47m16.854775808s", -LARGEST - 1n],
    ["0.3333333333333333333h", 20n * MINUTE],
    ["0.100000000000000000000h", 6n * MINUTE],
    ["0.830103483285477580700h", 49n * MINUTE + 48n * SECOND + 372_539_827n],
  ])("%s is read as Go reads it", ([text, nanoseconds], { expect }) => {
    expect(parseDuration(text)).toBe(nanoseconds);
  });

  test.for([
    [
      "",
      "3",
      "-",
      "+",
      "s",
      ".",
      "-.",
      ".s",
      "+.s",
      "--5s",
      "5s-",
      "1.5",
      "1d",
      "1M",
      "5S",
      "1e3s",
      "0x5s",
      "\ufffd",
    ],
    [" 5s", "5s ", "5 s", "1h 5m", "5s\n", "\n", "1_000s", "1,5s", "1.5.5s", "infs"],
    [
      "9223372036854775808ns",
      "9223372036854775810ns",
      "-9223372036854775809ns",
      "9223372036854776us",
    ],
    ["3000000h", "9223372036854775.808us", "9223372036854ms775us808ns", `${"9".repeat(400)}s`],
  ])("what Go refuses is refused: %j", (texts, { expect }) => {
    for (const text of texts) expect(parseDuration(text), text).toBeUndefined();
  });

  test("the sum of its parts is its value", ({ expect }) => {
    const units = { ns: 1n, us: MICROSECOND, ms: MILLISECOND, s: SECOND, m: MINUTE, h: HOUR };
    const part = fc.tuple(
      fc.integer({ min: 0, max: 9_999 }),
      fc.constantFrom(...Object.keys(units)),
    );
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        (parts, isNegative) => {
          const text = parts.map(([count, unit]) => `${count}${unit}`).join("");
          const sum = parts.reduce(
            (total, [count, unit]) => total + BigInt(count) * units[unit as keyof typeof units],
            0n,
          );
          expect(parseDuration(isNegative ? `-${text}` : text)).toBe(isNegative ? -sum : sum);
        },
      ),
    );
  });

  test("every duration that is printed is read back as the same", ({ expect }) => {
    fc.assert(
      fc.property(fc.bigInt({ min: -LARGEST - 1n, max: LARGEST }), (nanoseconds) => {
        expect(parseDuration(formatNanoseconds(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });

  test("any text is either refused or a duration within Go's range", ({ expect }) => {
    const nearlyDurations = fc.stringMatching(
      /^[-+]?(\d{0,25}\.?\d{0,25}(ns|us|ms|s|m|h|d|)){0,4}$/,
    );
    fc.assert(
      fc.property(fc.oneof(nearlyDurations, fc.string({ unit: "binary" })), (text) => {
        const nanoseconds = parseDuration(text) ?? 0n;
        expect(nanoseconds <= LARGEST && nanoseconds >= -LARGEST - 1n).toBe(true);
      }),
    );
  });
});

describe("a timeout in the Go watchdogs' grammar", () => {
  test.for<[string, bigint]>([
    ["10", 10n * SECOND],
    ["60", 60n * SECOND],
    ["0", 0n],
    ["-0", 0n],
    ["+5", 5n * SECOND],
    ["007", 7n * SECOND],
    ["10s", 10n * SECOND],
    ["20s", 20n * SECOND],
    ["1m30s", 90n * SECOND],
    ["-5s", -5n * SECOND],
  ])("%s is a number of seconds or a duration", ([text, nanoseconds], { expect }) => {
    expect(parseSecondsOrDuration(text)).toBe(nanoseconds);
  });

  test.for(["", "-5", "1.5", " 5", "5 ", "1_0", "1d", "ten", "9223372037", "99999999999999999999"])(
    "%j is refused",
    (text, { expect }) => {
      expect(parseSecondsOrDuration(text)).toBeUndefined();
    },
  );

  test("every natural number is that many seconds", ({ expect }) => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: LARGEST / SECOND }), (seconds) => {
        expect(parseSecondsOrDuration(String(seconds))).toBe(seconds * SECOND);
      }),
    );
  });
});

describe("a duration in print", () => {
  test.for<[number, string]>([
    [0, "0s"],
    [0.000_001, "1ns"],
    [0.0011, "1.1µs"],
    [2.2, "2.2ms"],
    [100, "100ms"],
    [1_500, "1.5s"],
    [30_000, "30s"],
    [90_000, "1m30s"],
    [60_000, "1m0s"],
    [3_600_000, "1h0m0s"],
    [305_001, "5m5.001s"],
    [18_305_001, "5h5m5.001s"],
  ])("%d milliseconds are printed as Go prints them: %s", ([milliseconds, text], { expect }) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  test("the shortest and the longest are printed as Go prints them", ({ expect }) => {
    expect(formatNanoseconds(LARGEST)).toBe("2562047h47m16.854775807s");
    expect(formatNanoseconds(-LARGEST - 1n)).toBe("-2562047h47m16.854775808s");
  });
});

test("a duration too short for a timer does not become 0, which is no limit", ({ expect }) => {
  expect([0n, 1n, 999_999n, 1_000_000n, 1_999_999n, 30n * SECOND].map(toMilliseconds)).toEqual([
    0, 1, 1, 1, 1, 30_000,
  ]);
});
