import { replaceSection } from "../../core/replace-section.ts";
import { formatHelpPage } from "../help-page.ts";
import { formatVariableTable } from "../variable-table.ts";
import { GATEWAY_GROUPS, gatewayEntries } from "./variables.ts";

/** How a command is typed, and what it does. */
export type CommandSummary = readonly [usage: string, summary: string];

/** What the gateway's `--help` prints. */
export function formatGatewayHelp(commands: readonly CommandSummary[]): string {
  return formatHelpPage({
    introduction: INTRODUCTION(commands),
    groups: GATEWAY_GROUPS,
    entries: gatewayEntries,
    values: VALUES,
  });
}

/** The gateway's variables as a table in Markdown. */
export function formatGatewayTable(): string {
  return formatVariableTable(gatewayEntries);
}

/** A page with that table between `<!-- gateway-variables -->` and `<!-- /gateway-variables -->`. */
export function replaceGatewayTable(page: string): string {
  return replaceSection(page, "gateway-variables", formatGatewayTable());
}

const INTRODUCTION = (
  commands: readonly CommandSummary[],
) => `gateway deploys functions, routes requests to them, scales them and queues what may wait.

Usage: gateway [COMMAND]

Without a command it serves, until SIGTERM or SIGINT: the first drains, a second one hurries.
Commands work on the data_dir of a gateway, also while that runs; COMMAND --help says more.

${formatCommands([...commands, ...OWN])}

Exit codes: 0 done, 1 failed, 2 not a command line, 78 a variable that cannot be used.

Variables of the environment configure it:  port=8081 samples=true gateway`;

const OWN: readonly CommandSummary[] = [
  ["--help", "prints this"],
  ["--version", "prints version and commit"],
];

function formatCommands(commands: readonly CommandSummary[]): string {
  const width = Math.max(...commands.map(([usage]) => usage.length)) + 2;
  return commands.map(([usage, summary]) => `  ${usage.padEnd(width)}${summary}`).join("\n");
}

const VALUES = `Durations: 500ms, 30s, 1m30s, or a number of seconds; 0 is no limit unless said otherwise.
Sizes:     a number of bytes, 10MB, 1GiB.
Booleans:  true or false, 1 or 0.
Lists:     with commas between; blanks around them will do.
An empty variable is an unset one. A value that cannot be used stops the start with exit code 78.`;
