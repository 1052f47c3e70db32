import { replaceSection } from "../../core/replace-section.ts";
import { formatHelpPage } from "../help-page.ts";
import { formatVariableTable } from "../variable-table.ts";
import { GATEWAY_GROUPS, gatewayEntries } from "./variables.ts";

/** What the gateway's `--help` prints. */
export function formatGatewayHelp(): string {
  return formatHelpPage({
    introduction: INTRODUCTION,
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

const INTRODUCTION = `gateway deploys functions, routes requests to them, scales them and queues what may wait.

Usage: gateway [--help | --version]

  --help     prints this
  --version  prints version and commit

Variables of the environment configure it:  port=8081 samples=true gateway`;

const VALUES = `Durations: 500ms, 30s, 1m30s, or a number of seconds; 0 is no limit unless said otherwise.
Sizes:     a number of bytes, 10MB, 1GiB.
Booleans:  true or false, 1 or 0.
Lists:     with commas between; blanks around them will do.
An empty variable is an unset one. A value that cannot be used stops the start with exit code 78.`;
