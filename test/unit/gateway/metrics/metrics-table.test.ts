import { readFileSync } from "node:fs";
import { test } from "vitest";
import { replaceGatewayMetricsTable } from "../../../../src/gateway/metrics/metrics-table.ts";

test("the README lists every metric, and no other (node .build/metrics.mjs writes the list)", ({
  expect,
}) => {
  const readme = readFileSync(new URL("../../../../README.md", import.meta.url), "utf8");
  expect(replaceGatewayMetricsTable(readme)).toBe(readme);
});
