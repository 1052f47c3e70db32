import type { Problems } from "./problems.ts";
import { quote } from "./problems.ts";
import { type Parsed, parseValue, type ValueOfKind } from "./value.ts";
import { type Definition, defaultText, type Mode, type Variable } from "./variable.ts";

/** The environment, latin1: one character of a value is one byte. */
export type Environment = Readonly<Record<string, string | undefined>>;

type PlainValue<V extends Variable> = V extends {
  readonly choices: readonly (infer Choice)[];
}
  ? Choice
  : ValueOfKind[V["kind"]];
type ValueOf<V extends Variable> =
  | PlainValue<V>
  | (V extends { readonly default: string | Readonly<Record<Mode, string>> } ? never : undefined);

/** Reads the variables of one definition. */
export interface DefinitionReader<D extends Definition> {
  /** The value, else the default, also where the value is bad: reading goes on to find them all. */
  value<N extends keyof D & string>(name: N): ValueOf<D[N]>;
  /** Set, and not empty: an empty variable is an unset one. */
  isSet(name: keyof D & string): boolean;
}

export interface DefinitionReaderOptions {
  readonly environment: Environment;
  /** `undefined`: the program has none. */
  readonly mode?: Mode;
  /** False: bad values of the Go watchdogs' variables are warnings. */
  readonly strict: boolean;
  readonly problems: Problems;
}

export function createDefinitionReader<D extends Definition>(
  definition: D,
  { environment, mode, strict, problems }: DefinitionReaderOptions,
): DefinitionReader<D> {
  const read = (name: string): unknown => {
    const variable = definition[name] as Variable;
    const fallback = defaultValue(variable, mode);
    const text = environment[name] ?? "";
    const isIgnored = mode !== undefined && variable.modes?.includes(mode) === false;
    if (text === "" || isIgnored) return fallback;
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
    value: <N extends keyof D & string>(name: N) => read(name) as ValueOf<D[N]>,
    isSet: (name) => (environment[name] ?? "") !== "",
  };
}

function defaultValue(variable: Variable, mode: Mode | undefined): unknown {
  const text = defaultText(variable, mode);
  if (text === undefined) return undefined;
  const parsed: Parsed<unknown> = parseValue(variable.kind, text, variable, mode);
  return "value" in parsed ? parsed.value : undefined;
}
