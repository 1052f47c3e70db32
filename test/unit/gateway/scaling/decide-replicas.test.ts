import { describe, test } from "vitest";
import {
  CALM,
  decideReplicas,
  type Observation,
} from "../../../../src/gateway/scaling/decide-replicas.ts";
import { demandOf, limitsOf, observe } from "./observations.ts";

const decide = (seen: Partial<Observation>, labels = {}, state = CALM) =>
  decideReplicas(observe(seen), limitsOf(labels), state);
/** Where the labels say what fills a replica, it takes more than that. */
const decideRoomy: typeof decide = (seen, ...rest) => decide({ slots: 100, ...seen }, ...rest);

const inFlight = (stable: number, recent = stable, peak = recent) =>
  demandOf({ inFlight: stable }, { inFlight: recent }, { inFlight: peak });
const perSecond = (rate: number) => demandOf({ perSecond: rate });
const CAPACITY_10 = { type: "capacity", target: "10", "target-proportion": "1" };

describe("with a mean of requests in flight", () => {
  // The situations are those of Knative's table tests; its panic is there at twice what is ready, as here.
  test.for([
    ["none: the minimum", 0, 1, CAPACITY_10, 1],
    ["as many as one takes: one", 10, 1, CAPACITY_10, 1],
    ["one more than that: two", 11, 1, CAPACITY_10, 2],
    ["many: in proportion", 75, 5, CAPACITY_10, 8],
    ["for fewer than there are: half of them at most", 10, 8, CAPACITY_10, 4],
    ["for a little fewer than there are: as many", 65, 8, CAPACITY_10, 7],
    ["beyond the maximum: the maximum", 1_000, 10, { ...CAPACITY_10, max: "12" }, 12],
    ["below the minimum: the minimum", 1, 6, { ...CAPACITY_10, min: "5" }, 5],
    ["and fewer replicas than the minimum: the minimum at once", 0, 1, { min: "3" }, 3],
    ["and more replicas than the maximum: half of them at first", 0, 20, { max: "3" }, 10],
    ["of 2.1 in replicas of one slot: three of them at 70%", 2.1, 3, {}, 3],
    ["of 2.2 in replicas of one slot: four of them at 70%", 2.2, 3, {}, 4],
  ] as const)("%s", ([, mean, replicas, labels, expected], { expect }) => {
    const seen = { demand: inFlight(mean), replicas, slots: "type" in labels ? 100 : 1 };
    expect(decide(seen, labels).replicas).toBe(expected);
  });

  test("takes the smaller of target and slots for what fills a replica", ({ expect }) => {
    const demand = inFlight(18);
    expect(decide({ demand, slots: 4 }, CAPACITY_10).replicas).toBe(5);
    expect(decide({ demand, slots: 100 }, CAPACITY_10).replicas).toBe(2);
    expect(decide({ demand, slots: undefined }, CAPACITY_10).replicas).toBe(2);
    expect(decide({ demand, slots: 4 }, { type: "capacity" }).replicas).toBe(5);
  });

  test("takes a replica that says nothing about its slots to be full at 50", ({ expect }) => {
    expect(decide({ demand: inFlight(35), slots: undefined }).replicas).toBe(1);
    expect(decide({ demand: inFlight(36), slots: undefined }).replicas).toBe(2);
    expect(
      decide({ demand: inFlight(500), slots: undefined }, { type: "capacity", target: "500" })
        .replicas,
    ).toBe(2);
  });
});

describe("with a mean of requests in a second", () => {
  test.for([
    [45, {}, 1],
    [46, {}, 2],
    [100, { target: "10" }, 12],
    [100, { target: "10", "target-proportion": "1" }, 10],
    [1, { target: "0.1", "target-proportion": "1" }, 10],
  ] as const)("%d, and %j: %i", ([rate, labels, expected], { expect }) => {
    const decision = decide({ demand: perSecond(rate), replicas: 1 }, { type: "rps", ...labels });
    expect(decision.replicas).toBe(expected);
  });

  test("does not look at it unless the labels say so", ({ expect }) => {
    expect(decide({ demand: perSecond(1_000) }).replicas).toBe(1);
  });
});

describe("a burst", () => {
  test("is six seconds that ask for twice of what is ready, and decides at once", ({ expect }) => {
    const decision = decideRoomy({ demand: inFlight(10, 80), replicas: 4 }, CAPACITY_10);
    expect(decision).toMatchObject({ replicas: 8, reason: "burst" });
    expect(decision.state.panicUntilMs).toBe(1_060_000);
  });

  test("is not what asks for less: then the minute decides", ({ expect }) => {
    const decision = decideRoomy({ demand: inFlight(40, 70), replicas: 4 }, CAPACITY_10);
    expect(decision).toEqual({ replicas: 4, reason: "load", state: CALM });
  });

  test("is measured by what is ready, not by what was ordered", ({ expect }) => {
    const seen = { demand: inFlight(40, 80), replicas: 8, ready: 4 };
    expect(decideRoomy(seen, CAPACITY_10).state.panicUntilMs).toBe(1_060_000);
  });

  test("takes nothing away until a minute after it, and follows the six seconds up", ({
    expect,
  }) => {
    const state = { panicUntilMs: 1_000_001 };
    expect(decideRoomy({ demand: inFlight(0), replicas: 9 }, CAPACITY_10, state).replicas).toBe(9);
    expect(
      decideRoomy({ demand: inFlight(10, 95), replicas: 9 }, CAPACITY_10, state).replicas,
    ).toBe(10);
    const over = { panicUntilMs: 1_000_000 };
    expect(decideRoomy({ demand: inFlight(0), replicas: 9 }, CAPACITY_10, over).replicas).toBe(5);
  });

  test("takes nothing to zero either", ({ expect }) => {
    const labels = { zero: "true", "zero-duration": "10s" };
    const seen = { idleMs: 10_000 };
    expect(decideRoomy(seen, labels, { panicUntilMs: 1_000_001 }).replicas).toBe(1);
    expect(decideRoomy(seen, labels).replicas).toBe(0);
  });
});

describe("who waits too long", () => {
  test.for([
    ["adds what all of them fill", { waiting: 5, longestWaitMs: 101, slots: 2 }, 6],
    [
      "adds nothing while nobody has waited for more than 100 ms",
      { waiting: 5, longestWaitMs: 100, slots: 2 },
      3,
    ],
    ["counts from what is ready", { waiting: 5, longestWaitMs: 500, slots: 2, ready: 1 }, 4],
    [
      "adds nothing while the first replica is starting",
      { waiting: 99, longestWaitMs: 5_000, ready: 0 },
      3,
    ],
    ["adds nothing beyond the maximum", { waiting: 500, longestWaitMs: 500 }, 20],
  ] as const)("%s", ([, seen, expected], { expect }) => {
    expect(decide({ replicas: 3, ...seen }).replicas).toBe(expected);
  });

  test("adds it too where more than one in twenty waited so long", ({ expect }) => {
    const late = (lateShare: number) => ({ ...inFlight(1), lateShare });
    const seen = { replicas: 3, waiting: 4, longestWaitMs: 20 };
    expect(decide({ ...seen, demand: late(0.05) }).replicas).toBe(3);
    expect(decide({ ...seen, demand: late(0.06) })).toMatchObject({
      replicas: 7,
      reason: "waiting",
    });
  });

  test("adds what the refused would have filled, and doubles at most", ({ expect }) => {
    const refused = (count: number) => ({ ...inFlight(1), lateShare: 0.5, refused: count });
    expect(decide({ replicas: 3, demand: refused(2) }).replicas).toBe(5);
    expect(decide({ replicas: 3, demand: refused(1_000) }).replicas).toBe(6);
  });
});

describe("fewer replicas", () => {
  test.for([
    ["half, where nothing is asked", {}, 5],
    ["not while one waits", { waiting: 1 }, 10],
    ["not within a minute after a rise", { settledMs: 59_999 }, 10],
    ["a minute after a rise", { settledMs: 60_000 }, 5],
    ["not below what is in flight", { inFlight: 7 }, 7],
    ["not for more in flight than there are slots", { inFlight: 30 }, 10],
    ["not below what is in flight, by slots", { inFlight: 25, slots: 4 }, 7],
    ["not below what the busiest six seconds needed", { demand: inFlight(0.5, 0.5, 5.6) }, 8],
  ] as const)("%s", ([, seen, expected], { expect }) => {
    expect(decide({ replicas: 10, ...seen }).replicas).toBe(expected);
  });
});

describe("zero replicas", () => {
  const labels = { zero: "true", "zero-duration": "5m" };

  test.for([
    ["once it has been idle for as long as its label says", { idleMs: 300_000 }, labels, 0],
    ["not before", { idleMs: 299_999 }, labels, 1],
    ["not without the label", { idleMs: 9_000_000 }, {}, 1],
    ["not while something is in flight", { idleMs: 300_000, inFlight: 1 }, labels, 1],
    ["not while somebody waits", { idleMs: 300_000, waiting: 1 }, labels, 1],
    ["from many at once", { idleMs: 300_000, replicas: 8 }, labels, 0],
    ["where nothing but zero is left to decide", { idleMs: 300_000 }, { ...labels, max: "1" }, 0],
    [
      "stay zero, whoever waits: that is for the one who waits",
      { replicas: 0, waiting: 9, longestWaitMs: 900 },
      labels,
      0,
    ],
  ] as const)("%s", ([, seen, some, expected], { expect }) => {
    expect(decide(seen, some).replicas).toBe(expected);
  });
});

test("where min is max, the number is nobody's but the user's", ({ expect }) => {
  const labels = { min: "4", max: "4" };
  expect(decide({ replicas: 2, demand: inFlight(90) }, labels).replicas).toBe(2);
  expect(decide({ replicas: 9 }, labels).replicas).toBe(9);
});
