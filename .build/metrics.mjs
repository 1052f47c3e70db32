// Writes the table of metrics into the README, between its two markers: `node .build/metrics.mjs`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { replaceMetricsTable } from "../src/watchdog/metrics-table.ts";

const readme = join(import.meta.dirname, "../README.md");
writeFileSync(readme, replaceMetricsTable(readFileSync(readme, "utf8")));
