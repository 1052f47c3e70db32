import { formatMetricsTable } from "../core/metrics-table.ts";
import { replaceSection } from "../core/replace-section.ts";
import { createWatchdogMetrics } from "./metrics.ts";

/** The README with the table of the watchdog's metrics between its markers. */
export function replaceMetricsTable(readme: string): string {
  const { registry } = createWatchdogMetrics(() => 0);
  return replaceSection(readme, "metrics", formatMetricsTable(registry));
}
