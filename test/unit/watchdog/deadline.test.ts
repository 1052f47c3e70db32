import { describe, test } from "vitest";
import { CallerDeadline, readCallerTimeout } from "../../../src/watchdog/deadline.ts";
import { until } from "../../support/until.ts";

const read = (text: string, execTimeoutMs = 10_000) =>
  readCallerTimeout({ "x-timeout": text }, execTimeoutMs);

describe("X-Timeout", () => {
  test("counts where it is as long as exec_timeout or shorter", ({ expect }) => {
    expect(read("1s")).toBe(1_000);
    expect(read("10s")).toBe(10_000);
    expect(read("1.5s")).toBe(1_500);
    expect(read("20\u00c2\u00b5s")).toBe(1);
    expect(read("10s1ns")).toBeUndefined();
    expect(read("1m")).toBeUndefined();
  });

  test("is not heeded where exec_timeout is off", ({ expect }) => {
    expect(read("1s", 0)).toBeUndefined();
  });

  test("of zero or less never means that there is no limit (G14)", ({ expect }) => {
    for (const text of ["0", "0s", "-0s", "-1s", "-1h"]) expect(read(text)).toBeUndefined();
    expect(read("0s", 0)).toBeUndefined();
  });

  test("that is no duration, is there twice, or not at all, means nothing", ({ expect }) => {
    for (const text of ["", "5", "five", "1s, 2s", "1 s", "1d"]) {
      expect(read(text)).toBeUndefined();
    }
    expect(readCallerTimeout({}, 10_000)).toBeUndefined();
  });
});

describe("a caller's deadline", () => {
  test("is told once when it has passed, and leaves a millisecond from then on", async ({
    expect,
  }) => {
    let passed = 0;
    const deadline = new CallerDeadline(30, performance.now(), () => passed++);
    expect(deadline.leftMs).toBeLessThanOrEqual(30);
    await until("it passes", () => passed === 1);
    await until("its time is over", () => deadline.leftMs === 1);
    expect(passed).toBe(1);
  });

  test("counts from the arrival, and what is over already passes at once", async ({ expect }) => {
    let passed = 0;
    const deadline = new CallerDeadline(60_000, performance.now() - 120_000, () => passed++);
    expect(deadline.leftMs).toBe(1);
    await until("it passes", () => passed === 1);
  });

  test("that was cancelled is not told", async ({ expect }) => {
    let passed = 0;
    const cancelled = new CallerDeadline(1, performance.now(), () => passed++);
    cancelled.cancel();
    let later = 0;
    new CallerDeadline(5, performance.now(), () => later++);
    await until("a later one passes", () => later === 1);
    expect(passed).toBe(0);
  });
});
