import { replaceSection } from "../core/replace-section.ts";
import { formatVariableTable } from "./variable-table.ts";
import { variableEntries } from "./variables.ts";

/** The README with the table of the watchdog's variables between its markers. */
export function replaceTable(readme: string): string {
  return replaceSection(readme, "variables", formatTable());
}

export function formatTable(): string {
  return formatVariableTable(variableEntries);
}
