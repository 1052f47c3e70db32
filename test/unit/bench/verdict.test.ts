import { describe, test } from "vitest";
import type { Row } from "../../../bench/report/row.ts";
import { summarise } from "../../../bench/report/summary.ts";

const throughput: Row = {
  name: "throughput",
  title: "throughput",
  unit: "req/s",
  better: "higher",
  judged: "ratio",
  must: 1.3,
  aim: 1.7,
};
const memory: Row = {
  name: "memory",
  title: "memory",
  unit: "MiB",
  better: "lower",
  judged: "value",
  must: 28,
  aim: 16,
};

describe("verdict", () => {
  const judge = (row: Row, ours: number, theirs?: number, against = "classic") =>
    summarise(row, against, [{ ours, theirs }]).verdict;

  test("a higher ratio is better where more is better", ({ expect }) => {
    expect(judge(throughput, 170, 100)).toBe("reached the aim");
    expect(judge(throughput, 130, 100)).toBe("reached");
    expect(judge(throughput, 129, 100)).toBe("missed");
  });

  test("a value is judged by itself, whatever the peer's is", ({ expect }) => {
    expect(judge(memory, 16, 1)).toBe("reached the aim");
    expect(judge(memory, 28)).toBe("reached");
    expect(judge(memory, 28.1, 100)).toBe("missed");
  });

  test("a ratio without a peer is not judged", ({ expect }) => {
    expect(judge(throughput, 130)).toBe("no peer");
  });

  test("the floor is no peer: it is shown, and nothing is judged by it", ({ expect }) => {
    const result = summarise(throughput, "floor", [{ ours: 90, theirs: 100 }]);
    expect(result.ratio?.median).toBe(0.9);
    expect(result.verdict).toBe("no peer");
  });

  test("a figure that is not there is a miss", ({ expect }) => {
    expect(judge(memory, Number.NaN)).toBe("missed");
  });

  test("a row without a bound has no verdict", ({ expect }) => {
    const { must, aim, ...unbound } = throughput;
    expect([must, aim, judge(unbound, 1, 1)]).toEqual([1.3, 1.7, ""]);
  });
});
