import { describeDefault, describeModes } from "./describe-default.ts";
import type { Variable, VariableEntry } from "./variable.ts";

/** Variables as a table in Markdown. */
export function formatVariableTable(entries: readonly VariableEntry[]): string {
  const used = entries.filter(([, variable]) => variable.refusedSince === undefined);
  const refused = entries.filter(([, variable]) => variable.refusedSince !== undefined);
  return [
    "| variable | default | |",
    "|---|---|---|",
    ...used.map(([name, variable]) =>
      row(`\`${name}\``, describeDefault(variable), explain(variable)),
    ),
    row(namesOf(refused), "", "Not in this version: a start that sets one is refused."),
  ].join("\n");
}

function explain(variable: Variable): string {
  return `${variable.text}${describeModes(variable)}`;
}

function namesOf(entries: readonly VariableEntry[]): string {
  return entries.map(([name]) => `\`${name}\``).join(", ");
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
