import { readFileSync } from "node:fs";
import { test } from "vitest";
import { replaceMetricsTable } from "../../../src/watchdog/metrics-table.ts";

test("the README lists every metric, and no other (node .build/metrics.mjs writes the list)", ({
  expect,
}) => {
  const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
  expect(replaceMetricsTable(readme)).toBe(readme);
});
