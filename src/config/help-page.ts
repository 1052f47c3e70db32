import { describeDefault, describeModes } from "./describe-default.ts";
import type { Variable, VariableEntry } from "./variable.ts";

/** What a program says of itself, and of its variables. */
export interface HelpPage {
  readonly introduction: string;
  /** The headings, in their order. */
  readonly groups: readonly string[];
  readonly entries: readonly VariableEntry[];
  /** How values are written. */
  readonly values: string;
}

/** What `--help` prints: at most 100 columns, for people. */
export function formatHelpPage({ introduction, groups, entries, values }: HelpPage): string {
  const indent = Math.max(...entries.map(([name]) => name.length)) + 4;
  const format: Format = (name, markdown) => formatEntry(name, markdown, indent);
  const sections = groups.map((group) => formatGroup(group, entries, format));
  return `${[introduction, ...sections, formatRefused(entries, format), values].join("\n\n")}\n`;
}

const WIDTH = 100;

type Format = (name: string, markdown: string) => string;

function formatGroup(group: string, entries: readonly VariableEntry[], format: Format): string {
  const members = entries.filter(
    ([, variable]) => variable.group === group && variable.refusedSince === undefined,
  );
  return [group, ...members.map(([name, variable]) => format(name, explain(variable)))].join("\n");
}

function formatRefused(all: readonly VariableEntry[], format: Format): string {
  const entries = all.filter(([, variable]) => variable.refusedSince !== undefined);
  return [
    "Not in this version: a start that sets one of these is refused",
    ...entries.map(([name, variable]) => format(name, variable.text)),
  ].join("\n");
}

function explain(variable: Variable): string {
  return `${variable.text}${describeModes(variable)} Default: ${describeDefault(variable)}.`;
}

function formatEntry(name: string, markdown: string, indent: number): string {
  const lines = wrap(markdown.replaceAll("`", ""), WIDTH - indent);
  const margin = " ".repeat(indent);
  return lines
    .map((line, index) => (index === 0 ? `  ${name}`.padEnd(indent) : margin) + line)
    .join("\n");
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
