import type { MetricRegistry } from "./metrics.ts";

/** The metrics of a registry as a table in Markdown. */
export function formatMetricsTable(registry: MetricRegistry): string {
  const rows = registry.descriptions().map(({ name, type, labels = [], help }) => {
    const labelled = labels.length === 0 ? name : `${name}{${labels.join(",")}}`;
    return `| \`${labelled}\` | ${type} | ${help} |`;
  });
  return ["| metric | type | |", "|---|---|---|", ...rows].join("\n");
}
