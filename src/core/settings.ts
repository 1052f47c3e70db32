import { parseSecondsOrDuration, toMilliseconds } from "./duration.ts";

/** What somebody may write as a label or an annotation. */
export interface Parser<Value> {
  /** For whoever wrote something else: `a whole number from 1 to 20`. */
  readonly expected: string;
  /** `undefined`: it is something else. */
  parse(text: string): Value | undefined;
}

export interface SettingsReader {
  /** A line for each that cannot be used: `NAME: found "VALUE", expected ...`. */
  readonly problems: string[];
  /** `undefined`: nothing is said, or nothing that can be used. */
  read<Value>(name: string, parser: Parser<Value>): Value | undefined;
}

/** Reads labels or annotations. */
export function createSettingsReader(texts: Readonly<Record<string, string>>): SettingsReader {
  const problems: string[] = [];
  const read = <Value>(name: string, { parse, expected }: Parser<Value>): Value | undefined => {
    const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
    if (text === undefined) return undefined;
    const value = parse(text.trim());
    if (value === undefined) problems.push(describeProblem(name, text, expected));
    return value;
  };
  return { problems, read };
}

export function describeProblem(name: string, found: string, expected: string): string {
  return `${name}: found ${quote(found)}, expected ${expected}`;
}

export function wholeNumber(from: number, to: number): Parser<number> {
  return {
    expected: `a whole number from ${from} to ${to}`,
    parse(text) {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return value >= from && value <= to ? value : undefined;
    },
  };
}

/** In milliseconds: `30s`, `1m30s`, whole seconds. `expected`: which ones. */
export function milliseconds(
  expected: string,
  isAllowed: (milliseconds: number) => boolean,
): Parser<number> {
  return {
    expected,
    parse(text) {
      const nanoseconds = parseSecondsOrDuration(text);
      if (nanoseconds === undefined || nanoseconds < 0n) return undefined;
      const value = toMilliseconds(nanoseconds);
      return isAllowed(value) ? value : undefined;
    },
  };
}

/** With commas between; blanks around them are nothing. `expected`: for all of them. */
export function listOf<Value>(
  expected: string,
  parse: (text: string) => Value | undefined,
  most = 16,
): Parser<readonly Value[]> {
  return {
    expected,
    parse(text) {
      const values = text.split(",").map((part) => parse(part.trim()));
      const isUsable = values.length <= most && !values.includes(undefined);
      return isUsable ? (values as Value[]) : undefined;
    },
  };
}

const LONGEST_QUOTE = 60;

function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text);
}
