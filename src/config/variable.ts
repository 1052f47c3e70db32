/** How a value is written. `value.ts` reads each kind. */
export type Kind =
  | "text"
  | "duration"
  | "boolean"
  | "go-boolean"
  | "integer"
  | "port"
  | "host"
  | "bytes"
  | "choice"
  | "exit-codes"
  | "header-name"
  | "header-value"
  | "url-path";

/** Whose variable it is: the Go watchdogs' fall back with `strict_config=false`, ours never do. */
type Origin = "classic" | "of" | "both" | "breeze";

/** The modes that this version has. Unset, `mode` is `classic`; the others follow of-watchdog's defaults and booleans. */
export const MODES = ["classic", "serializing", "streaming", "http", "static", "cgi"] as const;

export type Mode = (typeof MODES)[number];

/** The modes that run a program. */
export const PROGRAM_MODES: readonly Mode[] = [
  "classic",
  "serializing",
  "streaming",
  "http",
  "cgi",
];

export const GROUPS = [
  "Function",
  "Files",
  "Server",
  "Limits",
  "Access",
  "Ending processes",
  "Health and metrics",
  "Logs",
  "Start",
] as const;

/** One variable of the environment: everything that reader, `--help` and README know of it. */
export interface Variable {
  readonly group: (typeof GROUPS)[number];
  readonly kind: Kind;
  readonly origin: Origin;
  /** As it would be written, and read from this text. Absent: the variable has no value while it is unset. */
  readonly default?: string | Readonly<Partial<Record<Mode, string>>>;
  /** What an unset variable without a default stands for, in words. */
  readonly unset?: string;
  readonly choices?: readonly string[];
  /** The modes that use it; the others accept and ignore it, so that one image can set it for several. Absent: all. */
  readonly modes?: readonly string[];
  /** The version since which a start that sets it is refused. */
  readonly refusedSince?: string;
  /** One or two sentences; backticks around names. */
  readonly text: string;
}

/** The default that counts in a mode, as it would be written. */
export function defaultText(variable: Variable, mode: Mode): string | undefined {
  const { default: value } = variable;
  return typeof value === "object" ? value[mode] : value;
}
