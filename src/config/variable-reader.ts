import {
  createDefinitionReader,
  type DefinitionReader,
  type DefinitionReaderOptions,
} from "./definition-reader.ts";
import type { Mode } from "./variable.ts";
import { VARIABLES } from "./variables.ts";

export type { Environment } from "./definition-reader.ts";

/** Reads the watchdog's variables: defaults are those that count in its mode. */
export interface VariableReader extends DefinitionReader<typeof VARIABLES> {
  readonly mode: Mode;
}

export interface VariableReaderOptions extends DefinitionReaderOptions {
  readonly mode: Mode;
}

export function createVariableReader(options: VariableReaderOptions): VariableReader {
  return { mode: options.mode, ...createDefinitionReader(VARIABLES, options) };
}
