import type { Problems } from "./problems.ts";
import { quote } from "./problems.ts";
import { type Parsed, parseValue, type ValueOfKind } from "./value.ts";
import { defaultText, type Mode, type Variable } from "./variable.ts";
import { VARIABLES, type VariableName } from "./variables.ts";

/** The environment, latin1: one character of a value is one byte. */
export type Environment = Readonly<Record<string, string | undefined>>;

type Definition<N extends VariableName> = (typeof VARIABLES)[N];
type PlainValue<N extends VariableName> =
  Definition<N> extends { readonly choices: readonly (infer Choice)[] }
    ? Choice
    : ValueOfKind[Definition<N>["kind"]];
type ValueOf<N extends VariableName> =
  | PlainValue<N>
  | (Definition<N> extends { readonly default: string | Readonly<Record<Mode, string>> }
      ? never
      : undefined);

export interface VariableReader {
  readonly mode: Mode;
  /** The value, else the default that counts in this mode, also where the value is bad: reading goes on to find them all. */
  value<N extends VariableName>(name: N): ValueOf<N>;
  /** Set, and not empty: an empty variable is an unset one. */
  isSet(name: VariableName): boolean;
}

export interface VariableReaderOptions {
  readonly environment: Environment;
  readonly mode: Mode;
  /** With `strict_config=false` bad values of the Go watchdogs' variables are warnings. */
  readonly strict: boolean;
  readonly problems: Problems;
}

export function createVariableReader(options: VariableReaderOptions): VariableReader {
  const { environment, mode, strict, problems } = options;
  const read = (name: VariableName): unknown => {
    const variable: Variable = VARIABLES[name];
    const fallback = defaultValue(variable, mode);
    const text = environment[name] ?? "";
    if (text === "" || variable.modes?.includes(mode) === false) return fallback;
    const parsed: Parsed<unknown> = parseValue(variable.kind, text, variable, mode);
    if ("value" in parsed) {
      if (parsed.warning !== undefined) problems.warn(`${name}=${text} ${parsed.warning}`);
      return parsed.value;
    }
    if (strict || variable.origin === "breeze") {
      problems.add(name, text, `expected ${parsed.expected}`);
      return fallback;
    }
    problems.warn(`${name}: found ${quote(text)}, expected ${parsed.expected}: not used`);
    return parsed.fallback ?? fallback;
  };
  return {
    mode,
    value: <N extends VariableName>(name: N) => read(name) as ValueOf<N>,
    isSet: (name) => (environment[name] ?? "") !== "",
  };
}

function defaultValue(variable: Variable, mode: Mode): unknown {
  const text = defaultText(variable, mode);
  if (text === undefined) return undefined;
  const parsed: Parsed<unknown> = parseValue(variable.kind, text, variable, mode);
  return "value" in parsed ? parsed.value : undefined;
}
