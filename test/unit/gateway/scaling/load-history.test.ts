import { describe, test } from "vitest";
import { LoadCounter } from "../../../../src/gateway/scaling/load-counter.ts";
import { LoadHistory } from "../../../../src/gateway/scaling/load-history.ts";
import { NO_DEMAND } from "../../../../src/gateway/scaling/load-window.ts";

const TICK_MS = 2_000;

function create(nowMs = 0) {
  const clock = { nowMs };
  const counter = new LoadCounter(() => clock.nowMs);
  const history = new LoadHistory(nowMs, TICK_MS, counter, 1);
  const tick = (times = 1, replicas = 1) => {
    for (let count = 0; count < times; count++) {
      clock.nowMs += TICK_MS;
      history.observe(clock.nowMs, counter, replicas);
    }
  };
  return { clock, counter, history, tick };
}

describe("the history of a function's load", () => {
  test("is empty while nobody asks, and after all it had has become old", ({ expect }) => {
    const { counter, history, tick } = create();
    tick(10);
    expect(history.demand).toBe(NO_DEMAND);
    counter.begin();
    tick();
    counter.end();
    expect(history.demand).not.toBe(NO_DEMAND);
    tick(40);
    expect(history.demand).toBe(NO_DEMAND);
  });

  test("takes the time in which nobody asked for part of the mean", ({ expect }) => {
    const { counter, history, tick } = create();
    tick(100);
    counter.begin();
    tick();
    expect(history.demand.stable.inFlight).toBeCloseTo(2 / 60);
    expect(history.demand.recent.inFlight).toBeCloseTo(2 / 6);
  });

  test("does not take the time before it began for a time in which nobody asked", ({ expect }) => {
    const { counter, history, tick } = create(500_000);
    counter.begin();
    tick(2);
    expect(history.demand.stable.inFlight).toBeCloseTo(1);
  });

  test("does not hold what happened before it began against the function", ({ expect }) => {
    const { clock, counter } = create();
    counter.begin();
    clock.nowMs += 3_600_000;
    const history = new LoadHistory(clock.nowMs, TICK_MS, counter, 1);
    clock.nowMs += TICK_MS;
    history.observe(clock.nowMs, counter, 1);
    expect(history.demand.stable).toEqual({ inFlight: 1, perSecond: 0 });
  });

  test("is idle since the last look that saw a request, however short that was", ({ expect }) => {
    const { counter, history, tick } = create();
    tick(5);
    expect(history.idleMs).toBe(10_000);
    counter.begin();
    counter.end();
    tick();
    expect(history.idleMs).toBe(0);
    tick(3);
    expect(history.idleMs).toBe(6_000);
  });

  test("is not idle while a request is in flight, or waits", ({ expect }) => {
    const { counter, history, tick } = create();
    counter.begin();
    tick(500);
    expect(history.idleMs).toBe(0);
    counter.end();
    tick(2);
    const request = counter.wait();
    tick(500);
    expect(history.idleMs).toBe(0);
    request.leave(false);
    tick(1);
    expect(history.idleMs).toBe(2_000);
  });

  test("begins its idle time anew, and is unsettled, when there are more replicas, not when there are fewer", ({
    expect,
  }) => {
    const { history, tick } = create();
    tick(5, 1);
    tick(1, 3);
    expect([history.idleMs, history.settledMs]).toEqual([0, 0]);
    tick(1, 2);
    expect([history.idleMs, history.settledMs]).toEqual([2_000, 2_000]);
  });

  test("begins anew with a counter that began anew", ({ expect }) => {
    const { clock, counter, history, tick } = create();
    for (let count = 0; count < 100; count++) counter.begin();
    tick(10);
    const next = new LoadCounter(() => clock.nowMs);
    clock.nowMs += TICK_MS;
    history.observe(clock.nowMs, next, 1);
    expect(history.demand).toBe(NO_DEMAND);
    next.begin();
    clock.nowMs += TICK_MS;
    history.observe(clock.nowMs, next, 1);
    expect(history.demand.recent.perSecond).toBeGreaterThan(0);
    expect(history.demand.recent.inFlight).toBeLessThanOrEqual(1);
  });
});

test("a request in flight when a function is first seen is no endless load", ({ expect }) => {
  let nowMs = 0;
  const load = new LoadCounter(() => nowMs);
  load.begin();
  nowMs = 1_000;
  const history = new LoadHistory(1_000, 2_000, load, 1);
  // Time goes by between two looks of the same tick.
  nowMs = 1_001;
  history.observe(1_000, load, 1);
  expect(history.demand).toEqual(NO_DEMAND);
  nowMs = 3_000;
  history.observe(3_000, load, 1);
  expect(history.demand.stable.inFlight).toBeLessThanOrEqual(1.01);
  expect(history.demand.recent.inFlight).toBeLessThanOrEqual(1.01);
});
