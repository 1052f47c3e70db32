import { describeDefault, describeModes } from "./describe-default.ts";
import type { Variable } from "./variable.ts";
import { variableEntries } from "./variables.ts";

/** The README with the table of the definition between its markers. */
export function replaceTable(readme: string): string {
  const [before = "", rest = ""] = split(readme, BEGIN);
  const [, after = ""] = split(rest, END);
  return `${before}${BEGIN}\n${formatTable()}\n${END}${after}`;
}

const BEGIN = "<!-- variables -->";
const END = "<!-- /variables -->";

/** The variables as a table in Markdown. */
export function formatTable(): string {
  const isRefused = (variable: Variable) => variable.refusedSince !== undefined;
  const used = variableEntries.filter(([, variable]) => !isRefused(variable));
  return [
    "| variable | default | |",
    "|---|---|---|",
    ...used.map(([name, variable]) =>
      row(`\`${name}\``, describeDefault(variable), explain(variable)),
    ),
    row(namesOf(isRefused), "", "Not in this version: a start that sets one is refused."),
  ].join("\n");
}

function explain(variable: Variable): string {
  return `${variable.text}${describeModes(variable)}`;
}

function namesOf(isWanted: (variable: Variable) => boolean): string {
  return variableEntries
    .filter(([, variable]) => isWanted(variable))
    .map(([name]) => `\`${name}\``)
    .join(", ");
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function split(text: string, marker: string): readonly string[] {
  const position = text.indexOf(marker);
  if (position < 0) throw new Error(`The README has no ${marker}`);
  return [text.slice(0, position), text.slice(position + marker.length)];
}
