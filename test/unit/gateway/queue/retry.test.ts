import fc from "fast-check";
import { describe, test } from "vitest";
import { retryDelay } from "../../../../src/gateway/queue/retry.ts";

const BACKOFF = { minWaitMs: 100, maxWaitMs: 1_000 };

describe("the wait before the next try", () => {
  test("is bounded by a wait that doubles with each try, up to the longest", ({ expect }) => {
    const longest = (tries: number) => retryDelay(tries, BACKOFF, () => 1 - Number.EPSILON);
    expect([1, 2, 3, 4, 5, 2_000].map(longest)).toEqual([99, 199, 399, 799, 999, 999]);
  });

  test("is anything between nothing and the bound", ({ expect }) => {
    expect(retryDelay(3, BACKOFF, () => 0)).toBe(0);
    expect(retryDelay(3, BACKOFF, () => 0.5)).toBe(200);
    const waits = new Set(Array.from({ length: 100 }, () => retryDelay(4, BACKOFF)));
    expect(waits.size).toBeGreaterThan(10);
  });

  test("is never negative and never beyond the longest", ({ expect }) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(), fc.nat(), (tries, min, max) => {
        const wait = retryDelay(tries, { minWaitMs: min, maxWaitMs: max });
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(max);
      }),
    );
  });
});
