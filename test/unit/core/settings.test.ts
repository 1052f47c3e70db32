import { describe, test } from "vitest";
import {
  createSettingsReader,
  listOf,
  milliseconds,
  wholeNumber,
} from "../../../src/core/settings.ts";

describe("a setting", () => {
  test("that is not said is nothing, and no problem", ({ expect }) => {
    const reader = createSettingsReader({});
    expect(reader.read("constructor", wholeNumber(1, 5))).toBeUndefined();
    expect(reader.problems).toEqual([]);
  });

  test("that cannot be used is named with its value and what was expected", ({ expect }) => {
    const reader = createSettingsReader({ a: "6", b: "x".repeat(100) });
    expect(reader.read("a", wholeNumber(1, 5))).toBeUndefined();
    reader.read("b", wholeNumber(1, 5));
    expect(reader.problems).toEqual([
      'a: found "6", expected a whole number from 1 to 5',
      `b: found "${"x".repeat(60)}...", expected a whole number from 1 to 5`,
    ]);
  });

  test.for([
    ["1", 1],
    [" 5 ", 5],
    ["0", undefined],
    ["6", undefined],
    ["1.5", undefined],
    ["-1", undefined],
    ["1e0", undefined],
    ["", undefined],
  ] as const)("%j as a whole number from 1 to 5 is %j", ([text, value], { expect }) => {
    expect(createSettingsReader({ a: text }).read("a", wholeNumber(1, 5))).toBe(value);
  });

  test.for([
    ["2", 2_000],
    ["1m30s", 90_000],
    ["0", 0],
    ["1h", undefined],
    ["-1s", undefined],
    ["-1", undefined],
    ["soon", undefined],
    ["", undefined],
  ] as const)("%j as a duration of at most 30m is %j ms", ([text, value], { expect }) => {
    const parser = milliseconds("up to 30m", (ms) => ms <= 1_800_000);
    expect(createSettingsReader({ a: text }).read("a", parser)).toBe(value);
  });

  test.for([
    ["1, 2", [1, 2]],
    ["1", [1]],
    ["1,,2", undefined],
    ["", undefined],
    ["1,2,3,4", undefined],
    ["1,a", undefined],
  ] as const)("%j as a list of at most three numbers is %j", ([text, value], { expect }) => {
    const parser = listOf("", (part) => wholeNumber(0, 9).parse(part), 3);
    expect(createSettingsReader({ a: text }).read("a", parser)).toEqual(value);
  });
});
