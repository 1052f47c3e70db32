import { afterEach, beforeEach, describe, test, vi } from "vitest";
import { createQueue, TIMEOUT_MS, Visitor } from "../../support/visitor.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a place", () => {
  test("is waited for as long as queue_timeout allows, and is refused then", ({ expect }) => {
    const { admission, telemetry } = createQueue(1, 5);
    const first = new Visitor(admission);
    const second = new Visitor(admission);
    vi.advanceTimersByTime(TIMEOUT_MS - 1);
    expect(second.state).toBe("waiting");
    vi.advanceTimersByTime(1);
    expect([second.state, second.place.waitedMs]).toEqual(["timeout", TIMEOUT_MS]);
    expect([telemetry.waiting, telemetry.waits]).toEqual([0, [1]]);
    first.end();
    expect(second.events).toEqual(["timeout"]);
  });

  test("that came in time is not lost to the timeout", ({ expect }) => {
    const { admission } = createQueue(1, 5);
    const first = new Visitor(admission);
    const second = new Visitor(admission);
    vi.advanceTimersByTime(TIMEOUT_MS / 2);
    first.end();
    vi.advanceTimersByTime(TIMEOUT_MS * 2);
    expect([second.events, second.place.waitedMs]).toEqual([["place"], TIMEOUT_MS / 2]);
  });

  test("is given back once, however often that is said", ({ expect }) => {
    const { admission } = createQueue(1, 5);
    const first = new Visitor(admission);
    const others = [1, 2, 3].map(() => new Visitor(admission));
    first.end();
    first.end();
    expect(others.map(({ state }) => state)).toEqual(["place", "waiting", "waiting"]);
  });

  test("that was left for a body is taken again before newcomers, after any time (T11)", ({
    expect,
  }) => {
    const { admission } = createQueue(1, 5);
    const slow = new Visitor(admission);
    slow.goAway();
    const second = new Visitor(admission);
    const third = new Visitor(admission);
    slow.comeBack();
    vi.advanceTimersByTime(TIMEOUT_MS * 100);
    expect([slow.state, third.state]).toEqual(["returning", "timeout"]);
    const fourth = new Visitor(admission);
    second.end();
    expect([slow.state, fourth.state]).toEqual(["place", "waiting"]);
    expect(slow.place.waitedMs).toBe(TIMEOUT_MS * 100);
  });

  test("that nobody waited for has no waiting time", ({ expect }) => {
    const { admission, telemetry } = createQueue(1, 5);
    const only = new Visitor(admission);
    only.end();
    expect([only.place.waitedMs, telemetry.waits]).toEqual([undefined, []]);
  });
});
