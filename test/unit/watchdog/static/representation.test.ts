import type { Stats } from "node:fs";
import { describe, test } from "vitest";
import {
  describeFile,
  isSameVersion,
  isSettled,
} from "../../../../src/watchdog/static/representation.ts";

const HOUR_MS = 3_600_000;
const LONG_AGO = Date.UTC(2020, 1, 2, 3, 4, 5);

function stats(mtimeMs: number, ctimeMs = mtimeMs): Stats {
  return { mtimeMs, ctimeMs, size: 100, ino: 7, dev: 1 } as Stats;
}

function describeStats(of: Stats, differences: object = {}) {
  return describeFile({
    size: 100,
    stats: of,
    isSettled: isSettled(of),
    type: "text/css",
    coding: undefined,
    isNegotiated: true,
    cacheControl: "no-cache",
    ...differences,
  });
}

describe("the version of a file", () => {
  test("is its time and its size, with a strong tag", ({ expect }) => {
    const { etag, modifiedSeconds, version, description } = describeStats(stats(LONG_AGO));
    expect(etag).toMatch(/^"[\da-z]+-2s"$/);
    expect(modifiedSeconds).toBe(LONG_AGO / 1000);
    expect(version).toEqual([
      "ETag",
      etag,
      "Last-Modified",
      "Sun, 02 Feb 2020 03:04:05 GMT",
      "Cache-Control",
      "no-cache",
      "Vary",
      "Accept-Encoding",
    ]);
    expect(description).toEqual([
      "Content-Type",
      "text/css",
      "X-Content-Type-Options",
      "nosniff",
      "Accept-Ranges",
      "bytes",
    ]);
  });

  test("has another tag with another size, another time or another coding", ({ expect }) => {
    const tags = [
      describeStats(stats(LONG_AGO)),
      describeStats(stats(LONG_AGO), { size: 101 }),
      describeStats(stats(LONG_AGO + 0.002)),
      describeStats(stats(LONG_AGO), { coding: "br" }),
      describeStats(stats(LONG_AGO), { coding: "gzip" }),
    ].map(({ etag }) => etag);
    expect(new Set(tags).size).toBe(tags.length);
  });

  test("is the same on every replica: where it lies and when it was unpacked does not count", ({
    expect,
  }) => {
    const elsewhere = { ...stats(LONG_AGO, LONG_AGO + HOUR_MS), ino: 8, dev: 2 } as Stats;
    expect(describeStats(elsewhere).etag).toBe(describeStats(stats(LONG_AGO)).etag);
  });

  test("is weak while it may have changed within one tick of its clock", ({ expect }) => {
    const now = Date.now();
    expect(describeStats(stats(now)).etag).toMatch(/^W\/"/);
    expect(describeStats(stats(LONG_AGO, now)).etag).toMatch(/^W\/"/);
    expect(isSettled(stats(now))).toBe(false);
    expect(isSettled(stats(now - 10_000))).toBe(true);
  });

  test("from the future has no date that a client could believe", ({ expect }) => {
    const { modifiedSeconds, etag } = describeStats(stats(Date.now() + HOUR_MS));
    expect(modifiedSeconds).toBeUndefined();
    expect(etag).toMatch(/^W\/"/);
  });

  test.for([0, 1000, Date.UTC(1980)])(
    "is none where a builder gave every file the time %d, whatever is in it",
    (time, { expect }) => {
      const { etag, modifiedSeconds, version } = describeStats(stats(time, LONG_AGO));
      expect([etag, modifiedSeconds]).toEqual([undefined, undefined]);
      expect(version).toEqual(["Cache-Control", "no-cache", "Vary", "Accept-Encoding"]);
    },
  );
});

test("two looks at a file are of one version only where nothing differs", ({ expect }) => {
  const one = stats(LONG_AGO);
  expect(isSameVersion(one, stats(LONG_AGO))).toBe(true);
  for (const difference of [{ mtimeMs: 1 }, { ctimeMs: 1 }, { size: 1 }, { ino: 1 }, { dev: 2 }]) {
    expect(isSameVersion(one, { ...one, ...difference } as Stats)).toBe(false);
  }
});
