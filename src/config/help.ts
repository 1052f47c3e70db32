import { formatHelpPage } from "./help-page.ts";
import { GROUPS, variableEntries } from "./variables.ts";

/** What the watchdog's `--help` prints. */
export function formatHelp(): string {
  return formatHelpPage({
    introduction: INTRODUCTION,
    groups: GROUPS,
    entries: variableEntries,
    values: VALUES,
  });
}

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
