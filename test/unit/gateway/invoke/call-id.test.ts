import { test } from "vitest";
import {
  createTraceParent,
  isTraceParent,
  toCallId,
  toStartTime,
} from "../../../../src/gateway/invoke/call-id.ts";

test("T32: a call id is kept where it is one, and made anew where it is none", ({ expect }) => {
  const made = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
  for (const said of ["a", "A_1-b", "x".repeat(64)]) expect(toCallId(said)).toBe(said);
  for (const said of [undefined, "", "a b", "a, b", "x".repeat(65), "a\n", "ä"]) {
    expect(toCallId(said)).toMatch(made);
  }
});

test("a trace parent is one of the W3C's, and so is the one that is made", ({ expect }) => {
  const [trace, parent] = ["a".repeat(32), "b".repeat(16)];
  expect(isTraceParent(`00-${trace}-${parent}-01`)).toBe(true);
  expect(isTraceParent(createTraceParent())).toBe(true);
  for (const said of [
    undefined,
    `ff-${trace}-${parent}-01`,
    `00-${"0".repeat(32)}-${parent}-01`,
    `00-${trace}-${"0".repeat(16)}-01`,
    `00-${trace.toUpperCase()}-${parent}-01`,
    `00-${trace}-${parent}`,
  ]) {
    expect([said, isTraceParent(said)]).toEqual([said, false]);
  }
});

test("a start time is nanoseconds since 1970", ({ expect }) => {
  const seconds = Number(BigInt(toStartTime()) / 1_000_000_000n);
  expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(60);
});
