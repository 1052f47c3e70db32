import type { ParseArgsOptionsConfig } from "node:util";
import type { GatewayConfig } from "../../config/gateway/config.ts";
import type { DataItem } from "../../core/data-item.ts";

/** What a command works with. */
export interface CommandContext {
  readonly config: GatewayConfig;
  /** The program's version. */
  readonly release: string;
  /** What of `data_dir` must survive. */
  readonly dataItems: readonly DataItem[];
  /** A line of what was asked for: stdout. */
  say(line: string): void;
  /** A line for people: stderr. */
  note(line: string): void;
}

export interface CommandArguments {
  /** As many as there are `parameters`. */
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
}

/** Something to do with a gateway's `data_dir` besides serving. */
export interface Command {
  /** Its words, as `token create`. */
  readonly name: string;
  /** What must be said, as `FOLDER`. */
  readonly parameters: readonly string[];
  /** Half a sentence. */
  readonly summary: string;
  /** What else there is to know. */
  readonly help: string;
  /** For `util.parseArgs`. */
  readonly options: ParseArgsOptionsConfig;
  /** What can be said, a line each: how it is written, and what it means. */
  readonly optionLines: readonly (readonly [string, string])[];
  /** Rejects with a `BreezeError`, whose exit code is the command's. */
  run(given: CommandArguments, context: CommandContext): void | Promise<void>;
}
