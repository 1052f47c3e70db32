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

/** Whose variable it is: the Go watchdogs' fall back with `strict_config=false`, the Go gateways' and ours never do. */
type Origin = "classic" | "of" | "both" | "gateway" | "breeze";

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

/** One variable of the environment: everything that reader, `--help` and README know of it. */
export interface Variable {
  /** The heading under which `--help` has it. */
  readonly group: string;
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

/** All variables of one program, by name, in the order in which people read of them. */
export type Definition = Readonly<Record<string, Variable>>;

/** The same, each with its name. */
export type VariableEntry = readonly [name: string, variable: Variable];

/** The default that counts in a mode, as it would be written. A program that has no modes has one default for each. */
export function defaultText(variable: Variable, mode: Mode | undefined): string | undefined {
  const { default: value } = variable;
  if (typeof value !== "object") return value;
  return mode === undefined ? undefined : value[mode];
}
