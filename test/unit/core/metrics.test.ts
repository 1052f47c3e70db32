import fc from "fast-check";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { describe, test } from "vitest";
import { MetricRegistry } from "../../../src/core/metrics.ts";

const COUNTER = { name: "requests_total", help: "total requests", labels: ["code", "method"] };
const HISTOGRAM = {
  name: "duration_seconds",
  help: "Seconds.",
  labels: ["code", "method"],
  buckets: [0.005, 0.01, 0.5, 2.5],
};
const label = fc.string({ unit: "grapheme", maxLength: 8 });

/** prom-client writes `le` before the labels, Prometheus's own libraries behind them. */
const withBoundLast = (text: string) => text.replace(/\{le="([^"]*)",(.*)\} /g, '{$2,le="$1"} ');

describe("a registry writes what prom-client writes", () => {
  test("for counters, whatever their labels and help hold", async ({ expect }) => {
    const increments = fc.array(fc.tuple(label, label, fc.integer({ min: 0, max: 1e6 })), {
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(
        increments,
        label.filter((help) => help !== ""),
        async (observed, help) => {
          const ours = new MetricRegistry();
          const theirs = new Registry();
          const counter = ours.counter({ ...COUNTER, help });
          const oracle = new Counter({
            ...COUNTER,
            help,
            labelNames: COUNTER.labels,
            registers: [theirs],
          });
          for (const [code, method, amount] of observed) {
            counter.with(code, method).add(amount);
            oracle.inc({ code, method }, amount);
          }
          expect(ours.render()).toBe(await theirs.metrics());
        },
      ),
      { numRuns: 50 },
    );
  });

  test("for gauges without labels, which exist before anything was observed", async ({
    expect,
  }) => {
    const ours = new MetricRegistry();
    const theirs = new Registry();
    const description = { name: "in_flight", help: "In flight." };
    const gauge = ours.gauge(description).with();
    const oracle = new Gauge({ ...description, registers: [theirs] });
    expect(ours.render()).toBe(await theirs.metrics());
    gauge.add();
    gauge.add(-3.5);
    oracle.inc();
    oracle.dec(3.5);
    expect(ours.render()).toBe(await theirs.metrics());
  });

  test("for histograms, with bounds hit exactly, missed and exceeded", async ({ expect }) => {
    const value = fc.oneof(
      fc.constantFrom(...HISTOGRAM.buckets),
      fc.double({ min: 0, max: 10, noNaN: true }),
    );
    const observations = fc.array(fc.tuple(fc.constantFrom("200", "500"), value), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(observations, async (observed) => {
        const ours = new MetricRegistry();
        const theirs = new Registry();
        const histogram = ours.histogram(HISTOGRAM);
        const oracle = new Histogram({
          ...HISTOGRAM,
          labelNames: HISTOGRAM.labels,
          registers: [theirs],
        });
        for (const [code, seconds] of observed) {
          histogram.with(code, "get").observe(seconds);
          oracle.observe({ code, method: "get" }, seconds);
        }
        expect(ours.render()).toBe(withBoundLast(await theirs.metrics()));
      }),
      { numRuns: 50 },
    );
  });
});

test("a number that cannot be had is left out, its help too", ({ expect }) => {
  const registry = new MetricRegistry();
  registry.observed("gauge", { name: "gone", help: "Not here." }, () => undefined);
  registry.observed("counter", { name: "here", help: "Here." }, () => 7);
  expect(registry.render()).toBe("# HELP here Here.\n# TYPE here counter\nhere 7\n");
});

test("a series that was asked for twice is one", ({ expect }) => {
  const family = new MetricRegistry().counter(COUNTER);
  expect(family.with("200", "get")).toBe(family.with("200", "get"));
  expect(family.with("200", "get")).not.toBe(family.with("200", "post"));
});

test("collected numbers have their labels escaped, and a removed series is gone", ({ expect }) => {
  const registry = new MetricRegistry();
  registry.collected("gauge", { name: "size", help: "S.", labels: ["a", "b"] }, () => [
    [['"x"\n', "y"], 1],
  ]);
  const counter = registry.counter({ name: "seen", help: "S.", labels: ["a"] });
  counter.with("x").add();
  counter.remove("x");
  counter.remove("never there");
  expect(registry.render()).toBe(
    '# HELP size S.\n# TYPE size gauge\nsize{a="\\"x\\"\\n",b="y"} 1\n',
  );
});
