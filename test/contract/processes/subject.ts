import type {
  Lack,
  Processes,
  ProcessesEvents,
  ProcessesOptions,
} from "../../../src/process/run.ts";
import { createMark } from "../../support/marked-processes.ts";

/** One way of starting processes, as the contract suite tries it. */
export interface Subject {
  readonly name: Processes["name"];
  readonly lacks: readonly Lack[];
  /** How many runs of every kind the suite makes to look for leaks. */
  readonly mixedRuns: number;
  create(
    options?: Partial<ProcessesOptions>,
    events?: Partial<ProcessesEvents>,
  ): Promise<Processes>;
}

/** What a test does not care about. */
export const DEFAULT_OPTIONS: ProcessesOptions = Object.freeze({
  command: ["cat"],
  baseEnvironment: [`PATH=${process.env.PATH}`],
  termGraceMs: 1000,
  daemons: "kill",
});

export const shell = (script: string): readonly string[] => ["sh", "-c", script];

/** A base environment by which the processes of one test are found. */
export function markedEnvironment(): { mark: string; baseEnvironment: readonly string[] } {
  const mark = createMark();
  return { mark, baseEnvironment: [...DEFAULT_OPTIONS.baseEnvironment, mark] };
}
