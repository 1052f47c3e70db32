import { createWatchdogMetrics } from "./metrics.ts";

/** The README with the table of the metrics between its markers. */
export function replaceMetricsTable(readme: string): string {
  if (!SECTION.test(readme)) throw new Error("The README has no place for the metrics.");
  return readme.replace(SECTION, () => `${BEGIN}\n${formatMetricsTable()}\n${END}`);
}

const BEGIN = "<!-- metrics -->";
const END = "<!-- /metrics -->";
const SECTION = new RegExp(`${BEGIN}[^]*${END}`);

function formatMetricsTable(): string {
  const rows = createWatchdogMetrics(() => 0)
    .registry.descriptions()
    .map(({ name, type, labels = [], help }) => {
      const labelled = labels.length === 0 ? name : `${name}{${labels.join(",")}}`;
      return `| \`${labelled}\` | ${type} | ${help} |`;
    });
  return ["| metric | type | |", "|---|---|---|", ...rows].join("\n");
}
