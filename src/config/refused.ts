import type { Environment } from "./definition-reader.ts";
import type { Problems } from "./problems.ts";
import type { Variable, VariableEntry } from "./variable.ts";

/** Names of ours that the watchdog and its spawner set themselves. */
const INTERNAL_NAMES: readonly string[] = ["BREEZE_SESSION", "BREEZE_SPAWNER_FD"];

/** Adds a problem for each variable that a later version will know, and warns of `BREEZE_*` names that none knows. */
export function refuseVariables(
  environment: Environment,
  entries: readonly VariableEntry[],
  problems: Problems,
): void {
  const refusedVariables = entries.filter(([, { refusedSince }]) => refusedSince !== undefined);
  for (const [name, text] of Object.entries(environment)) {
    if (text === undefined || text === "") continue;
    if (refusedVariables.some(([refused, variable]) => isRefused(name, text, refused, variable))) {
      problems.add(name, text, "which is not in this version: unset it");
    } else if (name.startsWith("BREEZE_") && !INTERNAL_NAMES.includes(name)) {
      problems.warn(`${name}: there is no variable of this name`);
    }
  }
}

function isRefused(name: string, text: string, refused: string, variable: Variable): boolean {
  // One that only switches something on may be switched off.
  if (variable.kind === "boolean") return name === refused && text !== "false" && text !== "0";
  return refused.endsWith("*") ? name.startsWith(refused.slice(0, -1)) : name === refused;
}
