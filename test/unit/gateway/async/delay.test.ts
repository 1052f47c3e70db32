import { test } from "vitest";
import { readDelay } from "../../../../src/gateway/async/delay.ts";

test.for([
  [undefined, 0],
  ["0", 0],
  ["90", 90_000],
  ["1h30m", 5_400_000],
  ["100ms", 100],
  ["168h", 604_800_000],
] as const)("a delay of %j is %j ms", ([said, delayMs], { expect }) => {
  expect(readDelay(said)).toBe(delayMs);
});

test.for(["", "soon", "-1s", "-1", "168h1s", "1s, 2s", "NaN", "1e3", "99999999999999999999"])(
  "a delay of %j is none, in words that say what would be",
  (said, { expect }) => {
    expect(readDelay(said)).toMatch(/^X-Delay must be a duration up to 168h/);
  },
);
