import { formatMetricsTable } from "../../core/metrics-table.ts";
import { replaceSection } from "../../core/replace-section.ts";
import { createGatewayMetrics } from "./gateway-metrics.ts";

/** The README with the table of the gateway's metrics between its markers. */
export function replaceGatewayMetricsTable(readme: string): string {
  const { registry } = createGatewayMetrics({
    functions: () => [],
    queue: () => undefined,
    functionNamespace: "",
    labelsNamespace: false,
    droppedLogLines: () => 0,
  });
  return replaceSection(readme, "gateway-metrics", formatMetricsTable(registry));
}
