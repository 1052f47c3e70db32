import fc from "fast-check";
import { describe, test } from "vitest";
import { readScalingLimits } from "../../../../src/gateway/scaling/limits.ts";

const read = (labels: Readonly<Record<string, string>>) =>
  readScalingLimits(
    Object.fromEntries(
      Object.entries(labels).map(([name, value]) => [
        name.includes("_") ? name : `com.openfaas.scale.${name}`,
        value,
      ]),
    ),
  );

const DOCUMENTED = {
  min: 1,
  max: 20,
  factor: 20,
  toZero: false,
  zeroAfterMs: 900_000,
  measure: "capacity",
  target: undefined,
  proportion: 0.7,
};

describe("limits read from labels", () => {
  test("are the documented ones where there are no labels", ({ expect }) => {
    expect(read({})).toEqual({ limits: DOCUMENTED, problems: [] });
    expect(read({ "some_other.label": "abc" })).toEqual({ limits: DOCUMENTED, problems: [] });
  });

  test.for([
    [
      { min: "2", max: "8" },
      { min: 2, max: 8 },
    ],
    [{ min: " 2 " }, { min: 2 }],
    [{ min: "30" }, { min: 30, max: 30 }],
    [{ max: "3" }, { max: 3 }],
    [{ "com.faas.max_replicas": "10" }, { max: 10 }],
    [{ "com.faas.max_replicas": "10", max: "12" }, { max: 12 }],
    [{ factor: "0" }, { factor: 0 }],
    [{ factor: "100" }, { factor: 100 }],
    [{ zero: "true" }, { toZero: true }],
    [{ zero: "false" }, { toZero: false }],
    [{ min: "0" }, { min: 1, toZero: true }],
    [
      { min: "0", zero: "false" },
      { min: 1, toZero: false },
    ],
    [{ "zero-duration": "30m" }, { zeroAfterMs: 1_800_000 }],
    [{ "zero-duration": "1m30s" }, { zeroAfterMs: 90_000 }],
    [{ "zero-duration": "45" }, { zeroAfterMs: 45_000 }],
    [{ type: "rps" }, { measure: "rps", target: 50, proportion: 0.9 }],
    [{ type: "capacity" }, { measure: "capacity", target: undefined, proportion: 0.9 }],
    [
      { type: "capacity", target: "5" },
      { measure: "capacity", target: 5, proportion: 0.9 },
    ],
    [{ target: "100" }, { measure: "rps", target: 100, proportion: 0.9 }],
    [{ target: "0.5" }, { measure: "rps", target: 0.5, proportion: 0.9 }],
    [
      { target: "10", "target-proportion": ".5" },
      { measure: "rps", target: 10, proportion: 0.5 },
    ],
    [{ "target-proportion": "1" }, { proportion: 1 }],
  ] as const)("are those of %j", ([labels, expected], { expect }) => {
    expect(read(labels)).toEqual({ limits: { ...DOCUMENTED, ...expected }, problems: [] });
  });

  test.for([
    ["min", "-1", "expected a whole number up to 999999"],
    ["min", "two", "expected a whole number up to 999999"],
    ["max", "0", "expected a whole number from 1 to 999999"],
    ["max", "1e3", "expected a whole number from 1 to 999999"],
    ["max", "1000000", "expected a whole number from 1 to 999999"],
    ["factor", "101", "expected a whole number from 0 to 100"],
    ["factor", "2.5", "expected a whole number from 0 to 100"],
    ["zero", "True", "expected true or false"],
    ["zero-duration", "0s", "expected a duration above 0 such as 15m, or whole seconds"],
    ["zero-duration", "-5m", "expected a duration above 0 such as 15m, or whole seconds"],
    ["zero-duration", "soon", "expected a duration above 0 such as 15m, or whole seconds"],
    ["type", "cpu", "expected rps or capacity"],
    ["type", "", "expected rps or capacity"],
    ["target", "0", "expected a number above 0"],
    ["target", ".", "expected a number above 0"],
    ["target", "Infinity", "expected a number above 0"],
    ["target-proportion", "1.1", "expected a number above 0 and at most 1"],
  ] as const)(
    "keep the default of %s and name it where it is %j",
    ([label, value, problem], { expect }) => {
      expect(read({ [label]: value })).toEqual({
        limits: DOCUMENTED,
        problems: [`com.openfaas.scale.${label}: found ${JSON.stringify(value)}, ${problem}`],
      });
    },
  );

  test("take 2017's maximum where today's cannot be used, and name that", ({ expect }) => {
    const { limits, problems } = read({ max: "many", "com.faas.max_replicas": "7" });
    expect(limits.max).toBe(7);
    expect(problems).toHaveLength(1);
  });

  test("keep to the maximum where the minimum is above it, and say so", ({ expect }) => {
    expect(read({ min: "9", max: "3" })).toEqual({
      limits: { ...DOCUMENTED, min: 3, max: 3 },
      problems: ["com.openfaas.scale.min: found 9, expected at most 3, max"],
    });
  });

  test("quote no more than a line of what they found", ({ expect }) => {
    const [problem = ""] = read({ max: "9".repeat(100_000) }).problems;
    expect(problem.length).toBeLessThan(160);
  });

  test("can be used, whatever the labels say", ({ expect }) => {
    const names = [
      "min",
      "max",
      "factor",
      "zero",
      "zero-duration",
      "type",
      "target",
      "target-proportion",
    ];
    const values = fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String));
    const labels = fc.dictionary(fc.constantFrom(...names), values);
    fc.assert(
      fc.property(labels, (some) => {
        const { limits } = read(some);
        expect(limits.min).toBeGreaterThanOrEqual(1);
        expect(limits.max).toBeGreaterThanOrEqual(limits.min);
        expect(limits.factor).toBeGreaterThanOrEqual(0);
        expect(limits.factor).toBeLessThanOrEqual(100);
        expect(limits.zeroAfterMs).toBeGreaterThan(0);
        expect(limits.target ?? 1).toBeGreaterThan(0);
        expect(limits.proportion).toBeGreaterThan(0);
        expect(limits.proportion).toBeLessThanOrEqual(1);
      }),
    );
  });
});
