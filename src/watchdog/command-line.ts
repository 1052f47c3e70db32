const FLAGS = ["help", "version", "run-healthcheck", "licenses"] as const;

/** What the watchdog was started for. */
export type Task = "serve" | (typeof FLAGS)[number] | { readonly unknownFlag: string };

/** As Go's `flag` reads it: `-x` is `--x`, the first flag counts, and what is no flag is ignored. */
export function parseCommandLine(commandLine: readonly string[]): Task {
  const [first] = commandLine;
  if (first === undefined || !/^--?[^-]/.test(first)) return "serve";
  const name = first.replace(/^--?/, "").replace(/=(?:1|t|T|true|TRUE|True)$/, "");
  if (name === "h") return "help";
  return FLAGS.find((flag) => flag === name) ?? { unknownFlag: first };
}
