// Writes the tables of metrics, the watchdog's and the gateway's, into the README, between their markers: `node .build/metrics.mjs`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { replaceGatewayMetricsTable } from "../src/gateway/metrics/metrics-table.ts";
import { replaceMetricsTable } from "../src/watchdog/metrics-table.ts";

const readme = join(import.meta.dirname, "../README.md");
writeFileSync(
  readme,
  replaceGatewayMetricsTable(replaceMetricsTable(readFileSync(readme, "utf8"))),
);
