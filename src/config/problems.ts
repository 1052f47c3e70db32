import { BreezeError } from "../core/errors.ts";

/** Collects what is wrong with the environment, so that one error can name all of it. */
export interface Problems {
  /** `found` is the value as it is, or `undefined` for a variable that is not set. */
  add(name: string, found: string | undefined, expected: string): void;
  warn(line: string): void;
  readonly warnings: readonly string[];
  /** Throws if anything was added. */
  throwAny(): void;
}

export function createProblems(): Problems {
  const lines: string[] = [];
  const warnings: string[] = [];
  return {
    warnings,
    add: (name, found, expected) => {
      lines.push(
        `${name}: ${found === undefined ? "is not set" : `found ${quote(found)}`}, ${expected}`,
      );
    },
    warn: (line) => {
      warnings.push(line);
    },
    throwAny: () => {
      if (lines.length === 0) return;
      const count = lines.length === 1 ? "1 variable" : `${lines.length} variables`;
      const message = `The configuration cannot be used, ${count}:\n${lines.map((line) => `  ${line}`).join("\n")}`;
      throw new BreezeError("CONFIG_INVALID", message, { details: lines });
    },
  };
}

/** A value as a person reads it: its bytes as UTF-8, quoted, not longer than a line. */
export function quote(latin1: string): string {
  const text = Buffer.from(latin1, "latin1").toString();
  const quoted = JSON.stringify(
    text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text,
  );
  return quoted.replace(/\p{C}/gu, (control) => `\\u{${control.codePointAt(0)?.toString(16)}}`);
}

const LONGEST_QUOTE = 60;
