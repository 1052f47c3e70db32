import type { Problems } from "./problems.ts";
import { MODES, type Mode } from "./variable.ts";

/** Modes of of-watchdog, or ours, that are still to come. */
const LATER_MODES: readonly string[] = ["forkserver"];
/** Modes of of-watchdog that need code linked into it, or that it gave up itself. */
const NEVER_MODES: readonly string[] = ["inproc", "afterburn"];

/** The mode. Where it cannot be used, `streaming` stands in, so that the rest is read as of-watchdog's. */
export function readMode(text: string, problems: Problems): Mode {
  if (text === "") return "classic";
  const mode = MODES.find((known) => known === text);
  if (mode !== undefined) return mode;
  const known = `expected one of ${MODES.join(", ")}`;
  if (LATER_MODES.includes(text))
    problems.add("mode", text, `which is not in this version; ${known}`);
  else if (NEVER_MODES.includes(text))
    problems.add("mode", text, `which Breeze does not have and will not have; ${known}`);
  else problems.add("mode", text, `${known} (not in this version: ${LATER_MODES.join(", ")})`);
  return "streaming";
}
