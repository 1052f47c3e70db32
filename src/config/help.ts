import { describeDefault, describeModes } from "./describe-default.ts";
import { GROUPS, type Variable } from "./variable.ts";
import { variableEntries } from "./variables.ts";

/** What `--help` prints: at most 100 columns, for people. */
export function formatHelp(): string {
  return `${[INTRODUCTION, ...GROUPS.map(formatGroup), formatRefused(), VALUES].join("\n\n")}\n`;
}

const WIDTH = 100;
const INDENT = 24;

const INTRODUCTION = `fwatchdog turns each HTTP request into a process: headers become variables, the body its input, its
output the answer.

Usage: fwatchdog [--help | --version | --run-healthcheck | --licenses]

  --help              prints this
  --version           prints version and commit
  --run-healthcheck   exits 0 if a watchdog runs here and takes requests, else 1
  --licenses          prints the licences of what is in this file

Variables of the environment configure it:  fprocess="wc -l" port=8080 fwatchdog`;

const VALUES = `Durations: 500ms, 30s, 1m30s, or a number of seconds; 0 is no limit unless said otherwise.
Sizes:     a number of bytes, 10MB, 1GiB.
Booleans:  true or false. 1 is true, but false in mode classic for what classic-watchdog has too.
An empty variable is an unset one. A value that cannot be used stops the start with exit code 78.`;

function formatGroup(group: Variable["group"]): string {
  const entries = variableEntries.filter(
    ([, variable]) => variable.group === group && variable.refusedSince === undefined,
  );
  return [group, ...entries.map(([name, variable]) => formatEntry(name, explain(variable)))].join(
    "\n",
  );
}

function formatRefused(): string {
  const entries = variableEntries.filter(([, variable]) => variable.refusedSince !== undefined);
  return [
    "Not in this version: a start that sets one of these is refused",
    ...entries.map(([name, variable]) => formatEntry(name, variable.text)),
  ].join("\n");
}

function explain(variable: Variable): string {
  return `${variable.text}${describeModes(variable)} Default: ${describeDefault(variable)}.`;
}

function formatEntry(name: string, markdown: string): string {
  const lines = wrap(markdown.replaceAll("`", ""), WIDTH - INDENT);
  const margin = " ".repeat(INDENT);
  return lines
    .map((line, index) => (index === 0 ? `  ${name}`.padEnd(INDENT) : margin) + line)
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
