import { describe, test } from "vitest";
import { Backoff } from "../../../src/core/backoff.ts";

const LONG = 10_000;

describe("the pause before what ended by itself is started again", () => {
  test("doubles for what never serves, up to the longest", ({ expect }) => {
    const shorter = new Backoff(10_000);
    const pauses = Array.from({ length: 9 }, () => shorter.next(0));
    expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
    const longer = new Backoff(30_000);
    expect(Array.from({ length: 12 }, () => longer.next(0))).toEqual([
      100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000, 30000,
    ]);
  });

  test("is none behind a good life, and begins anew", ({ expect }) => {
    const backoff = new Backoff(10_000);
    for (let count = 0; count < 5; count++) backoff.next(0);
    expect([LONG, 50, 50, LONG].map((servedMs) => backoff.next(servedMs))).toEqual([
      0, 100, 200, 0,
    ]);
  });

  test("is none behind the first end of one that served for a moment", ({ expect }) => {
    expect(new Backoff(10_000).next(5)).toBe(0);
  });
});
