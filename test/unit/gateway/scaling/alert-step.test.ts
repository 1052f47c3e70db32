import fc from "fast-check";
import { describe, test } from "vitest";
import { type AlertArithmetic, stepForAlert } from "../../../../src/gateway/scaling/alert-step.ts";

function series(
  arithmetic: AlertArithmetic,
  limits: { readonly min: number; readonly max: number; readonly factor: number },
  start: number,
  alerts: string,
): number[] {
  let current = start;
  return [...alerts].map((alert) => {
    current = stepForAlert(arithmetic, { current, isFiring: alert === "f", limits });
    return current;
  });
}

describe("an alert's step (f fires, r is resolved)", () => {
  test.for([
    ["2017", 1, 10, 20, 1, "fffr", [5, 10, 10, 1]],
    ["2017", 1, 20, 20, 1, "fffff", [5, 10, 15, 20, 20]],
    ["2017", 2, 20, 20, 2, "ffr", [7, 12, 2]],
    ["2017", 1, 20, 20, 0, "f", [5]],
    ["2017", 1, 20, 0, 1, "f", [5]],
    ["2017", 1, 3, 20, 1, "f", [3]],
    ["2017", 1, 10, 20, 30, "f", [10]],
    ["current", 1, 20, 20, 1, "ffffffr", [5, 9, 13, 17, 20, 20, 1]],
    ["current", 1, 5, 10, 1, "ff", [2, 3]],
    ["current", 3, 20, 20, 9, "r", [3]],
    ["current", 1, 20, 20, 0, "f", [4]],
    ["current", 1, 20, 20, 30, "f", [20]],
    ["current", 2, 20, 0, 7, "f", [2]],
    ["current", 1, 4, 100, 1, "f", [4]],
    ["current", 1, 55, 20, 1, "f", [12]],
  ] as const)(
    "of %s with min %i, max %i and factor %i goes from %i by %s to %j",
    ([arithmetic, min, max, factor, start, alerts, expected], { expect }) => {
      expect(series(arithmetic, { min, max, factor }, start, alerts)).toEqual(expected);
    },
  );

  test.for(["2017", "current"] as const)(
    "of %s changes nothing where min is max",
    (arithmetic, { expect }) => {
      expect(series(arithmetic, { min: 4, max: 4, factor: 20 }, 2, "fr")).toEqual([2, 2]);
    },
  );

  test("never leads beyond the limits", ({ expect }) => {
    fc.assert(
      fc.property(
        fc.constantFrom<AlertArithmetic>("2017", "current"),
        fc.record({ min: fc.integer({ min: 1, max: 50 }), more: fc.integer({ min: 1, max: 50 }) }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 0, max: 200 }),
        fc.boolean(),
        (arithmetic, { min, more }, factor, current, isFiring) => {
          const limits = { min, max: min + more, factor };
          const next = stepForAlert(arithmetic, { current, isFiring, limits });
          expect(next).toBeLessThanOrEqual(limits.max);
          if (current >= min) expect(next).toBeGreaterThanOrEqual(min);
          if (isFiring && factor > 0 && current <= limits.max) {
            expect(next).toBeGreaterThanOrEqual(current);
          }
        },
      ),
    );
  });
});
