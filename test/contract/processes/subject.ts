import type {
  Lack,
  Processes,
  ProcessesEvents,
  ProcessesOptions,
} from "../../../src/process/run.ts";

/** One way of starting processes, as the contract suite tries it. */
export interface Subject {
  readonly name: Processes["name"];
  readonly lacks: readonly Lack[];
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
