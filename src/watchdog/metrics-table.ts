import { formatMetricsTable } from "../core/metrics-table.ts";
import { createWatchdogMetrics } from "./metrics.ts";

/** The README with the table of the metrics between its markers. */
export function replaceMetricsTable(readme: string): string {
  if (!SECTION.test(readme)) throw new Error("The README has no place for the metrics.");
  const table = formatMetricsTable(createWatchdogMetrics(() => 0).registry);
  return readme.replace(SECTION, () => `${BEGIN}\n${table}\n${END}`);
}

const BEGIN = "<!-- metrics -->";
const END = "<!-- /metrics -->";
const SECTION = new RegExp(`${BEGIN}[^]*${END}`);
