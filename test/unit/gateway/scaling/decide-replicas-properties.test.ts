import fc from "fast-check";
import { describe, test } from "vitest";
import {
  decideReplicas,
  type Observation,
} from "../../../../src/gateway/scaling/decide-replicas.ts";
import type { ScalingLimits } from "../../../../src/gateway/scaling/limits.ts";
import { observe } from "./observations.ts";

const NOW_MS = 1_000_000;

const rates = fc.record({
  inFlight: fc.double({ min: 0, max: 300, noNaN: true }),
  perSecond: fc.double({ min: 0, max: 3_000, noNaN: true }),
});

const observations: fc.Arbitrary<Observation> = fc
  .record({
    demand: fc.record({
      stable: rates,
      recent: rates,
      peak: rates,
      lateShare: fc.double({ min: 0, max: 1, noNaN: true }),
      refused: fc.nat(500),
    }),
    inFlight: fc.oneof(fc.constant(0), fc.nat(200)),
    waiting: fc.oneof(fc.constant(0), fc.nat(200)),
    longestWaitMs: fc.nat(5_000),
    replicas: fc.nat(60),
    ready: fc.nat(60),
    slots: fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 100 })),
    idleMs: fc.nat(2_000_000),
    settledMs: fc.nat(200_000),
  })
  .map((seen) => observe({ ...seen, nowMs: NOW_MS, ready: Math.min(seen.ready, seen.replicas) }));

const limits: fc.Arbitrary<ScalingLimits> = fc
  .record({
    min: fc.integer({ min: 1, max: 20 }),
    more: fc.nat(40),
    toZero: fc.boolean(),
    zeroAfterMs: fc.integer({ min: 1, max: 1_800_000 }),
    measure: fc.constantFrom("capacity" as const, "rps" as const),
    target: fc.oneof(fc.constant(undefined), fc.double({ min: 0.1, max: 200, noNaN: true })),
    proportion: fc.double({ min: 0.1, max: 1, noNaN: true }),
  })
  .map(({ more, ...rest }) => ({ ...rest, max: rest.min + more, factor: 20 }));

const states = fc.record({
  panicUntilMs: fc.integer({ min: NOW_MS - 90_000, max: NOW_MS + 60_000 }),
});

/** For any function, whatever its limits are and whatever has come before. */
function always(
  check: (seen: Observation, some: ScalingLimits, next: number, panicUntilMs: number) => void,
): void {
  fc.assert(
    fc.property(observations, limits, states, (seen, some, state) => {
      const { replicas, state: after } = decideReplicas(seen, some, state);
      check(seen, some, replicas, after.panicUntilMs);
    }),
    { numRuns: 3_000 },
  );
}

describe("whatever happens", () => {
  test("there are never more replicas than the maximum, unless there were, and then no more", ({
    expect,
  }) => {
    always(({ replicas }, { max }, next) => {
      expect(next).toBeLessThanOrEqual(Math.max(max, replicas));
    });
  });

  test("there are never fewer than the minimum, but for none", ({ expect }) => {
    always(({ replicas }, { min, max }, next) => {
      if (next > 0 && min < max) expect(next).toBeGreaterThanOrEqual(min);
      if (replicas === 0) expect(next).toBe(0);
    });
  });

  test("none is taken away that what is in flight needs", ({ expect }) => {
    always(({ replicas, inFlight, slots = 50 }, _limits, next) => {
      expect(next).toBeGreaterThanOrEqual(Math.min(replicas, Math.ceil(inFlight / slots)));
    });
  });

  test("none is taken away while somebody waits, nor within a minute after a rise", ({
    expect,
  }) => {
    always(({ replicas, waiting, settledMs }, _limits, next) => {
      const isHeld = waiting > 0 || (settledMs < 60_000 && next > 0);
      if (isHeld) expect(next).toBeGreaterThanOrEqual(replicas);
    });
  });

  test("at most half are taken away at a time, but to zero", ({ expect }) => {
    always(({ replicas }, _limits, next) => {
      if (next > 0) expect(next).toBeGreaterThanOrEqual(replicas / 2);
    });
  });

  test("zero is there only after the idle time, and only where it is allowed", ({ expect }) => {
    always(({ replicas, idleMs, inFlight, waiting }, { toZero, zeroAfterMs }, next) => {
      if (next > 0 || replicas === 0) return;
      expect(toZero).toBe(true);
      expect(idleMs).toBeGreaterThanOrEqual(zeroAfterMs);
      expect([inFlight, waiting]).toEqual([0, 0]);
    });
  });

  test("panic never shrinks", ({ expect }) => {
    always(({ replicas }, _limits, next, panicUntilMs) => {
      if (NOW_MS < panicUntilMs) expect(next).toBeGreaterThanOrEqual(replicas);
    });
  });

  test("more load never means fewer replicas", ({ expect }) => {
    fc.assert(
      fc.property(
        observations,
        limits,
        states,
        fc.double({ min: 1, max: 5, noNaN: true }),
        (seen, some, state, times) => {
          const more = (one: Observation["demand"]["stable"]) => ({
            inFlight: one.inFlight * times,
            perSecond: one.perSecond * times,
          });
          const { stable, recent, peak } = seen.demand;
          const demand = {
            ...seen.demand,
            stable: more(stable),
            recent: more(recent),
            peak: more(peak),
          };
          const next = decideReplicas(seen, some, state).replicas;
          expect(decideReplicas({ ...seen, demand }, some, state).replicas).toBeGreaterThanOrEqual(
            next,
          );
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
