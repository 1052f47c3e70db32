import type { Row, Unit } from "./row.ts";
import type { Spread } from "./statistics.ts";
import type { RowResult } from "./summary.ts";

const heads = ["case", "ours", "other", "against", "ratio (min-max)", "must", "aim", "verdict"];

/** The results as a Markdown table. Ours and other are medians. */
export function toMarkdown(results: readonly RowResult[]): string {
  const lines = results.map((result) => [
    result.row.title,
    withUnit(result.ours.median, result.row.unit),
    result.theirs ? withUnit(result.theirs.median, result.row.unit) : "",
    result.against ?? "",
    result.ratio ? showRatio(result.ratio) : "",
    showBound(result.row, result.row.must),
    showBound(result.row, result.row.aim),
    result.verdict,
  ]);
  return [heads, heads.map(() => "---"), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function showBound(row: Row, bound: number | undefined): string {
  if (bound === undefined) return "";
  const sign = row.better === "higher" ? ">=" : "<=";
  return `${sign} ${row.judged === "ratio" ? `${bound}x` : withUnit(bound, row.unit)}`;
}

function showRatio({ median, min, max }: Spread): string {
  // Two servers of which one uses nothing have no ratio.
  if (!Number.isFinite(median)) return "";
  return `${median.toFixed(2)}x (${min.toFixed(2)}-${max.toFixed(2)})`;
}

function withUnit(value: number, unit: Unit): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const text = Number.isInteger(value) ? String(value) : value.toFixed(digits);
  return unit === "x" ? `${text}x` : `${text} ${unit}`.trimEnd();
}
