const FLAGS = ["help", "version", "run-healthcheck", "licenses"] as const;

/** What the watchdog was started for. */
export type Task = "serve" | (typeof FLAGS)[number] | { readonly unknownFlag: string };

/**
 * As Go's `flag` reads it: `-x` is `--x` and `--x=true`, and behind what is no flag there are none. The first flag that is true
 * counts. The launcher of the single file reads the first argument in the same way, for what it can answer without Node.
 */
export function parseCommandLine(commandLine: readonly string[]): Task {
  for (const argument of commandLine) {
    if (!argument.startsWith("-") || argument === "-" || argument === "--") break;
    const [, name, value = "true"] = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(argument) ?? [];
    if (name === "help" || name === "h") return "help";
    const flag = FLAGS.find((known) => known === name);
    if (flag === undefined) return { unknownFlag: argument };
    if (TRUE.test(value)) return flag;
    if (!FALSE.test(value)) return { unknownFlag: argument };
  }
  return "serve";
}

const TRUE = /^(?:1|[tT]|true|TRUE|True)$/;
const FALSE = /^(?:0|[fF]|false|FALSE|False)$/;
