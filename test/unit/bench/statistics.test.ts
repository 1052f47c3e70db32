import { describe, test } from "vitest";
import { median, percentile, ratios } from "../../../bench/report/statistics.ts";

describe("median", () => {
  test("of an odd number of values it is the one in the middle, in whatever order they came", ({
    expect,
  }) => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 9, 100])).toBe(10);
  });

  test("of an even number of values it lies between the two in the middle", ({ expect }) => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test("there is none of no values", ({ expect }) => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("percentile", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  test("is the smallest value that so many of all values do not exceed", ({ expect }) => {
    expect(percentile(hundred, 99)).toBe(99);
    expect(percentile(hundred, 50)).toBe(50);
    expect(percentile(hundred, 100)).toBe(100);
  });

  test("of few values the 99th is the largest", ({ expect }) => {
    expect(percentile([3, 1, 2], 99)).toBe(3);
  });

  test("the 0th is the smallest", ({ expect }) => {
    expect(percentile([3, 1, 2], 0)).toBe(1);
  });
});

describe("ratios", () => {
  test("a round in which the machine was slow for both sides does not move the median", ({
    expect,
  }) => {
    const rounds = [
      { ours: 200, theirs: 100 },
      { ours: 20, theirs: 10 },
      { ours: 210, theirs: 100 },
    ];
    expect(ratios(rounds)).toEqual({ median: 2, min: 2, max: 2.1 });
  });

  test("they are medians of ratios, not a ratio of medians", ({ expect }) => {
    const rounds = [
      { ours: 1, theirs: 1 },
      { ours: 2, theirs: 4 },
      { ours: 9, theirs: 3 },
    ];
    expect(ratios(rounds).median).toBe(1);
  });
});
