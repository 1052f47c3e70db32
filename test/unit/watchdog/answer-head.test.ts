import { test } from "vitest";
import {
  lengthFault,
  NOTHING_SAID,
  toAnswerHead,
  withSaid,
} from "../../../src/watchdog/answer-head.ts";

test("a head has names and values in turn, and its length apart", ({ expect }) => {
  const fields = [
    ["X-A", "b"],
    ["content-length", "007"],
    ["Set-Cookie", "c"],
    ["Set-Cookie", "d"],
  ] as const;
  expect(toAnswerHead({ status: 404, fields })).toEqual({
    status: 404,
    headers: ["X-A", "b", "Set-Cookie", "c", "Set-Cookie", "d"],
    length: 7,
  });
});

test("a status is a whole number from 200 to 599", ({ expect }) => {
  const isGood = (status: number) => !("kind" in toAnswerHead({ status, fields: [] }));
  expect([200, 299, 599].map(isGood)).toEqual([true, true, true]);
  const bad = [199, 600, 0, -200, 200.5, Number.NaN, Number.POSITIVE_INFINITY];
  expect(bad.map(isGood)).toEqual(bad.map(() => false));
});

test("what the program says stands in place of what the mode says, in any case", ({ expect }) => {
  expect(withSaid(["A", "1", "B", "2"], ["b", "3", "C", "4"])).toEqual([
    "A",
    "1",
    "b",
    "3",
    "C",
    "4",
  ]);
  const own = ["A", "1"];
  expect(withSaid(own, [])).toBe(own);
});

test("a length is wrong where there is a body to have one", ({ expect }) => {
  const five = { ...NOTHING_SAID, length: 5 };
  expect([4, 5, 6].map((size) => lengthFault(five, size, "GET"))).toEqual([
    "less",
    undefined,
    "more",
  ]);
  expect(lengthFault(five, 0, "HEAD")).toBeUndefined();
  expect(lengthFault({ ...five, status: 304 }, 0, "GET")).toBeUndefined();
  expect(lengthFault(NOTHING_SAID, 5, "GET")).toBeUndefined();
});
