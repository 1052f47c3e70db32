import { test } from "vitest";
import type { Row } from "../../../bench/report/row.ts";
import { summarise } from "../../../bench/report/summary.ts";
import { toMarkdown } from "../../../bench/report/table.ts";

const row: Row = {
  name: "throughput",
  title: "throughput at c=8",
  unit: "req/s",
  better: "higher",
  judged: "ratio",
  must: 1.3,
  aim: 1.7,
};

test("a row shows medians, the ratio with its spread, both bounds and the verdict", ({
  expect,
}) => {
  const rounds = [
    { ours: 4000, theirs: 2000 },
    { ours: 3000, theirs: 2000 },
    { ours: 3600, theirs: 2000 },
  ];
  const [, , line] = toMarkdown([summarise(row, "classic", rounds)]).split("\n");
  expect(line).toBe(
    "| throughput at c=8 | 3600 req/s | 2000 req/s | classic | 1.80x (1.50-2.00) | >= 1.3x | >= 1.7x | reached the aim |",
  );
});

test("a value that was measured at ours alone leaves the other side's cells empty", ({
  expect,
}) => {
  const { aim: _, ...lower } = { ...row, better: "lower", judged: "value", unit: "ms" } as const;
  const [, , line] = toMarkdown([
    summarise({ ...lower, must: 120 }, undefined, [{ ours: 41.26, theirs: undefined }]),
  ]).split("\n");
  expect(line).toBe("| throughput at c=8 | 41.3 ms |  |  |  | <= 120 ms |  | reached |");
});
