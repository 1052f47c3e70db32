import { describe, test } from "vitest";
import { LoadCounter } from "../../../../src/gateway/scaling/load-counter.ts";

function create() {
  const clock = { nowMs: 1_000 };
  return { clock, counter: new LoadCounter(() => clock.nowMs) };
}

describe("a load counter", () => {
  test("adds up how long requests are in flight, those that still are included", ({ expect }) => {
    const { clock, counter } = create();
    counter.begin();
    clock.nowMs += 100;
    counter.begin();
    clock.nowMs += 50;
    expect([counter.inFlight, counter.busyMs]).toEqual([2, 200]);
    counter.end();
    clock.nowMs += 10;
    counter.end();
    clock.nowMs += 1_000;
    expect([counter.inFlight, counter.busyMs, counter.arrived]).toEqual([0, 210, 2]);
  });

  test("knows who waits, and for how long whoever has waited longest", ({ expect }) => {
    const { clock, counter } = create();
    expect(counter.longestWaitMs).toBe(0);
    const first = counter.wait();
    clock.nowMs += 30;
    const second = counter.wait();
    clock.nowMs += 30;
    expect([counter.waiting, counter.longestWaitMs, counter.arrived]).toEqual([2, 60, 0]);
    first.begin();
    expect([counter.waiting, counter.longestWaitMs]).toEqual([1, 30]);
    second.begin();
    expect([counter.waiting, counter.longestWaitMs]).toEqual([0, 0]);
    expect([counter.inFlight, counter.arrived, counter.late]).toEqual([2, 2, 0]);
  });

  test("counts as late who waited for more than 100 ms, and not who waited for as much", ({
    expect,
  }) => {
    const { clock, counter } = create();
    const [onTime, late] = [counter.wait(), counter.wait()];
    clock.nowMs += 100;
    onTime.begin();
    clock.nowMs += 1;
    late.begin();
    expect([counter.late, counter.refused, counter.arrived]).toEqual([1, 0, 2]);
  });

  test("counts as late who is refused, at once or after a wait, but not who leaves by itself", ({
    expect,
  }) => {
    const { clock, counter } = create();
    counter.refuse();
    const [refused, leaving] = [counter.wait(), counter.wait()];
    clock.nowMs += 500;
    refused.leave(true);
    leaving.leave(false);
    expect([counter.late, counter.refused, counter.arrived]).toEqual([2, 2, 2]);
    expect([counter.waiting, counter.inFlight, counter.busyMs]).toEqual([0, 0, 0]);
  });

  test("takes one end of a wait, and ignores what comes after it", ({ expect }) => {
    const { counter } = create();
    const request = counter.wait();
    request.begin();
    request.begin();
    request.leave(true);
    expect([counter.arrived, counter.inFlight, counter.refused]).toEqual([1, 1, 0]);
  });
});
