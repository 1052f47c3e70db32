import { test } from "vitest";
import { randomHex } from "../../../src/core/random-hex.ts";

test("random digits are as many as were asked for, and none are given twice", ({ expect }) => {
  const all = Array.from({ length: 10_000 }, (_, index) => randomHex(index % 2 === 0 ? 32 : 16));
  for (const [index, digits] of all.entries()) {
    expect(digits).toMatch(index % 2 === 0 ? /^[\da-f]{32}$/ : /^[\da-f]{16}$/);
  }
  expect(new Set(all).size).toBe(all.length);
});
