import fc from "fast-check";
import { describe, test } from "vitest";
import { changesOf, SimulatedCluster } from "./simulated-cluster.ts";

const zero = (duration: string) => ({
  "com.openfaas.scale.zero": "true",
  "com.openfaas.scale.zero-duration": duration,
});

const MANY = { "com.openfaas.scale.max": "200" };

describe("a function under load", () => {
  test("has what a constant load needs within a few seconds, and keeps it", ({ expect }) => {
    const cluster = new SimulatedCluster({ slots: 2, serviceMs: 500 });
    cluster.run(90, 0);
    // 14 in flight, in replicas of two at 70%.
    const series = cluster.run(600, 28);
    expect(series.slice(5, 8).every((replicas) => replicas >= 10)).toBe(true);
    expect(new Set(series.slice(90)).size).toBe(1);
    expect(series.at(-1)).toBeGreaterThanOrEqual(10);
    expect(series.at(-1)).toBeLessThanOrEqual(13);
  });

  test("keeps what a burst needed for a minute, then goes down, by half at most", ({ expect }) => {
    const cluster = new SimulatedCluster({ serviceMs: 200 });
    cluster.run(90, 0);
    const [most] = cluster.run(20, 40).slice(-1) as [number];
    expect(most).toBeGreaterThanOrEqual(12);
    // 8 in flight, in replicas of one at 70%; more until the queue was served.
    expect(Math.min(...cluster.run(58, 0))).toBe(12);
    const halves = changesOf([12, ...cluster.run(30, 0)]);
    expect(halves.at(-1)).toBe(1);
    for (const [index, replicas] of halves.slice(1).entries()) {
      expect(replicas).toBeGreaterThanOrEqual((halves[index] as number) / 2);
    }
  });

  test("grows with a queue that one slow replica cannot serve", ({ expect }) => {
    const cluster = new SimulatedCluster({
      serviceMs: 5_000,
      labels: { "com.openfaas.scale.max": "8" },
    });
    cluster.run(90, 0);
    const series = cluster.run(20, 3);
    expect(series.at(-1)).toBe(8);
    expect(Math.max(...series)).toBe(8);
  });

  test("does not move for one request now and then", ({ expect }) => {
    const cluster = new SimulatedCluster({ serviceMs: 50 });
    cluster.run(90, 0);
    expect(changesOf(cluster.run(600, 0.2))).toEqual([1]);
  });

  test("goes to zero after its idle time and not before", ({ expect }) => {
    const cluster = new SimulatedCluster({ labels: zero("5m") });
    cluster.run(20, 5);
    expect(changesOf(cluster.run(300, 0))).toEqual([1]);
    expect(changesOf(cluster.run(6, 0)).at(-1)).toBe(0);
  });

  test("stays while one request takes longer than the idle time", ({ expect }) => {
    const cluster = new SimulatedCluster({ labels: zero("30s"), serviceMs: 120_000 });
    cluster.run(0.5, 1);
    const series = cluster.run(118, 0);
    expect(Math.min(...series)).toBeGreaterThanOrEqual(1);
    expect(cluster.counter.inFlight).toBe(1);
  });
});

describe("under constant load", () => {
  const loads = fc.record({
    slots: fc.integer({ min: 1, max: 8 }),
    serviceMs: fc.integer({ min: 2, max: 150 }).map((steps) => steps * 10),
    mean: fc.double({ min: 0.2, max: 25, noNaN: true }),
    startMs: fc.constantFrom(100, 1_000, 5_000),
  });

  test("replicas do not oscillate: after four minutes nothing changes", ({ expect }) => {
    fc.assert(
      fc.property(loads, ({ mean, ...options }) => {
        const cluster = new SimulatedCluster({
          ...options,
          labels: { "com.openfaas.scale.max": "200" },
        });
        const perSecond = (mean * 1_000) / options.serviceMs;
        cluster.run(240, perSecond);
        expect(changesOf(cluster.run(300, perSecond))).toHaveLength(1);
        expect(cluster.replicas * options.slots).toBeGreaterThanOrEqual(Math.floor(mean));
      }),
      { numRuns: 25 },
    );
  });

  test("replicas hardly move where requests come at random: a dozen times in five minutes at most", ({
    expect,
  }) => {
    fc.assert(
      fc.property(loads, fc.nat(), ({ mean, ...options }, seed) => {
        const cluster = new SimulatedCluster({ ...options, labels: MANY });
        const random = uniform(seed);
        const gap = () => -Math.log(1 - random());
        const perSecond = (mean * 1_000) / options.serviceMs;
        cluster.run(240, perSecond, gap);
        const changes = changesOf(cluster.run(300, perSecond, gap));
        expect(changes.length).toBeLessThanOrEqual(12);
      }),
      // What is random may do anything once in a long while: always the same sixty.
      { numRuns: 60, seed: 45 },
    );
  });
});

/** Numbers from 0 to 1, the same for the same seed: a linear congruential generator's (Numerical Recipes). */
function uniform(seed: number): () => number {
  let state = seed % 2 ** 32;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
