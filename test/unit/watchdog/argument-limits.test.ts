import { test } from "vitest";
import { roomForVariables } from "../../../src/watchdog/argument-limits.ts";

const MIB = 1024 * 1024;

test("a quarter of the stack is for arguments and variables, within the kernel's bounds", ({
  expect,
}) => {
  const room = (stack: number) => roomForVariables([], [], stack);
  expect(room(8 * MIB)).toBe(2 * MIB - 8 * 1024);
  expect(room(Number.POSITIVE_INFINITY)).toBe(6 * MIB - 8 * 1024);
  expect(room(64 * 1024)).toBe(128 * 1024 - 8 * 1024);
});

test("what every process has is taken off, a pointer and a NUL for each", ({ expect }) => {
  const empty = roomForVariables([], [], 8 * MIB);
  expect(roomForVariables(["cat"], ["A=1", "BC=2"], 8 * MIB)).toBe(empty - 12 - 12 - 13);
  expect(roomForVariables([], ["A=".padEnd(9 * MIB)], 8 * MIB)).toBe(0);
});

test("this machine's own limit is read", ({ expect }) => {
  expect(roomForVariables(["cat"], [])).toBeGreaterThan(100_000);
});
