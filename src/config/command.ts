import type { Problems } from "./problems.ts";
import { parseShellWords } from "./shell-words.ts";
import type { Mode } from "./variable.ts";
import type { Environment, VariableReader } from "./variable-reader.ts";

export interface CommandOptions {
  readonly environment: Environment;
  readonly mode: Mode;
  readonly strict: boolean;
  readonly reader: VariableReader;
  readonly problems: Problems;
}

/** The program and its arguments; empty where there is a problem, or none is run. */
export function readCommand(options: CommandOptions): readonly string[] {
  const { reader, mode, problems } = options;
  if (mode === "static") return [];
  const name =
    mode !== "classic" && reader.isSet("function_process") ? "function_process" : "fprocess";
  const text = reader.value(name) ?? "";
  if (text === "") {
    problems.add(
      "fprocess",
      undefined,
      `expected a program and its arguments, such as fprocess="wc -l"${hint(options)}`,
    );
    return [];
  }
  if (reader.value("fprocess_shell_words")) return readShellWords(name, text, problems);
  if (/ ["']/.test(text) && !reader.isSet("fprocess_shell_words")) {
    problems.warn(
      `${name}: quotes reach the program as they are; fprocess_shell_words=true makes them quotes`,
    );
  }
  if (!text.startsWith(" ")) return splitAtSpaces(text);
  const expected = "expected a program without a space before it";
  if (options.strict) problems.add(name, text, expected);
  else problems.warn(`${name}: ${expected}: no request can be served`);
  return splitAtSpaces(text);
}

/** As both Go watchdogs do: two spaces in a row have an empty argument between them. */
function splitAtSpaces(text: string): readonly string[] {
  return text.split(" ");
}

function readShellWords(name: string, text: string, problems: Problems): readonly string[] {
  const words = parseShellWords(text);
  if (words === undefined)
    problems.add(name, text, "expected every quote to be closed and a character after \\");
  else if (words[0] === undefined || words[0] === "")
    problems.add(name, text, "expected a program");
  return words ?? [];
}

/** What was probably meant. */
function hint({ environment, mode }: CommandOptions): string {
  if (mode === "classic" && (environment.function_process ?? "") !== "") {
    return " (function_process counts only where mode is set to serializing or streaming)";
  }
  if ((environment.FPROCESS ?? "") !== "") return " (names are in lower case: FPROCESS is set)";
  return "";
}
