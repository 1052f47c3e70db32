import { describe, test } from "vitest";
import { LoadWindow, NO_DEMAND } from "../../../../src/gateway/scaling/load-window.ts";

/** Samples two seconds apart, of so many requests in flight and coming in a second since the one before. */
function fill(
  window: LoadWindow,
  steps: readonly (readonly [inFlight: number, perSecond: number])[],
) {
  let [atMs, busyMs, arrived] = [0, 0, 0];
  window.add(atMs, { arrived, late: 0, refused: 0, busyMs });
  for (const [inFlight, perSecond] of steps) {
    atMs += 2_000;
    busyMs += inFlight * 2_000;
    arrived += perSecond * 2;
    window.add(atMs, { arrived, late: 0, refused: 0, busyMs });
  }
  return window.demand();
}

const repeat = <Step>(count: number, step: Step): Step[] => new Array<Step>(count).fill(step);

describe("a window of samples", () => {
  test("says nothing before it has two", ({ expect }) => {
    const window = new LoadWindow(2_000);
    expect(window.demand()).toBe(NO_DEMAND);
    window.add(0, { arrived: 5, late: 5, refused: 5, busyMs: 5 });
    expect(window.demand()).toBe(NO_DEMAND);
  });

  test("gives the means of what there is, while there is no minute of it", ({ expect }) => {
    const { stable, recent, peak } = fill(new LoadWindow(2_000), [
      [3, 10],
      [5, 20],
    ]);
    expect(stable).toEqual({ inFlight: 4, perSecond: 15 });
    expect(recent).toEqual(stable);
    expect(peak).toEqual({ inFlight: 4, perSecond: 15 });
  });

  test("gives the means of one minute and of six seconds", ({ expect }) => {
    const steps = [
      ...repeat(20, [9, 90] as const),
      ...repeat(27, [2, 4] as const),
      ...repeat(3, [12, 34] as const),
    ];
    const { stable, recent } = fill(new LoadWindow(2_000), steps);
    expect(recent).toEqual({ inFlight: 12, perSecond: 34 });
    expect(stable).toEqual({ inFlight: 3, perSecond: 7 });
  });

  test("knows the busiest six seconds of the minute, and forgets them after it", ({ expect }) => {
    const burst = repeat(3, [30, 60] as const);
    const quiet = (ticks: number) => repeat(ticks, [1, 2] as const);
    const after = (ticks: number) =>
      fill(new LoadWindow(2_000), [...quiet(40), ...burst, ...quiet(ticks)]).peak;
    expect(after(0)).toEqual({ inFlight: 30, perSecond: 60 });
    expect(after(29)).toEqual({ inFlight: 30, perSecond: 60 });
    expect(after(33)).toEqual({ inFlight: 1, perSecond: 2 });
  });

  test("goes round: a day of samples ends as its last minute does", ({ expect }) => {
    const minute = Array.from({ length: 40 }, (_, index) => [index % 7, index % 5] as const);
    const day = [...repeat(43_200, [8, 8] as const), ...minute];
    expect(fill(new LoadWindow(2_000), day)).toEqual(fill(new LoadWindow(2_000), minute));
  });

  test("has the share of the late in six seconds, and the refused since the sample before", ({
    expect,
  }) => {
    const window = new LoadWindow(2_000);
    window.add(0, { arrived: 1_000, late: 900, refused: 900, busyMs: 0 });
    window.add(2_000, { arrived: 1_010, late: 904, refused: 903, busyMs: 0 });
    window.add(4_000, { arrived: 1_020, late: 905, refused: 903, busyMs: 0 });
    expect(window.demand()).toMatchObject({ lateShare: 0.25, refused: 0 });
    window.add(6_000, { arrived: 1_020, late: 905, refused: 905, busyMs: 0 });
    expect(window.demand()).toMatchObject({ lateShare: 0.25, refused: 2 });
    window.add(12_000, { arrived: 1_020, late: 905, refused: 905, busyMs: 0 });
    expect(window.demand()).toMatchObject({ lateShare: 0, refused: 0 });
  });
});
