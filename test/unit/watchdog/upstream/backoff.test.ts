import { test } from "vitest";
import { Backoff } from "../../../../src/watchdog/upstream/backoff.ts";

const LONG = 10_000;

test("a function that never serves is started less and less often, up to every ten seconds", ({
  expect,
}) => {
  const backoff = new Backoff();
  const pauses = Array.from({ length: 9 }, () => backoff.next(0));
  expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
});

test("behind a good life it is started at once, and the pauses begin anew", ({ expect }) => {
  const backoff = new Backoff();
  for (let count = 0; count < 5; count++) backoff.next(0);
  expect([LONG, 50, 50, LONG].map((servedMs) => backoff.next(servedMs))).toEqual([0, 100, 200, 0]);
});

test("the first end of one that served for a moment costs nothing", ({ expect }) => {
  expect(new Backoff().next(5)).toBe(0);
});
