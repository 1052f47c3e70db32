import { isIP } from "node:net";
import { parseBytes } from "../core/bytes.ts";
import { LONGEST_TIMER_MS, parseSecondsOrDuration, toMilliseconds } from "../core/duration.ts";
import { isHeaderName, isHeaderValue } from "../core/http-grammar.ts";
import { parseExitCodes } from "./exit-codes.ts";
import type { Kind, Mode, Variable } from "./variable.ts";

/** What a value of each kind becomes: durations are milliseconds, all text is latin1. */
export interface ValueOfKind {
  readonly text: string;
  readonly duration: number;
  readonly boolean: boolean;
  readonly "go-boolean": boolean;
  readonly integer: number;
  readonly port: number;
  readonly host: string;
  readonly bytes: number;
  readonly choice: string;
  readonly "exit-codes": ReadonlyMap<number, number>;
  readonly "header-name": string;
  readonly "header-value": string;
  readonly "url-path": string;
}

export type Parsed<Value> =
  | { readonly value: Value; readonly warning?: string }
  | {
      readonly expected: string;
      /** What a Go watchdog takes the bad value for, where that is not the default. */
      readonly fallback?: Value;
    };

/** Reads a value that is not empty. */
export function parseValue<K extends Kind>(
  kind: K,
  text: string,
  variable: Variable,
  mode: Mode | undefined,
): Parsed<ValueOfKind[K]> {
  return PARSERS[kind](text, variable, mode);
}

const PARSERS: {
  readonly [K in Kind]: (
    text: string,
    variable: Variable,
    mode: Mode | undefined,
  ) => Parsed<ValueOfKind[K]>;
} = {
  text: (text) => ({ value: text }),
  duration: parseDurationValue,
  boolean: parseBoolean,
  "go-boolean": parseGoBoolean,
  integer: (text) =>
    matching(toInteger(text, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), "a whole number"),
  port: (text) => matching(toInteger(text, 0, 65_535), "a port, 0 to 65535"),
  host: (text) =>
    matching(
      isIP(text) !== 0 || /^[\da-z]([\da-z.-]*[\da-z])?$/i.test(text) ? text : undefined,
      "an IP address or a host name",
    ),
  bytes: (text) =>
    matching(parseBytes(text), "a size such as 1048576, 10MB or 1GiB, or 0 for no limit"),
  choice: (text, { choices = [] }) =>
    matching(choices.includes(text) ? text : undefined, `one of ${choices.join(", ")}`),
  "exit-codes": (text) =>
    matching(
      parseExitCodes(text),
      'a JSON object of exit codes, 1 to 255, and their statuses, 200 to 599, such as {"3":404}',
    ),
  "header-name": (text) => matching(isHeaderName(text) ? text : undefined, "the name of a header"),
  "header-value": (text) =>
    matching(isHeaderValue(text) ? text : undefined, "text without control characters"),
  "url-path": (text) =>
    matching(
      /^\/[\x21-\x7e\x80-\xff]*$/.test(text) ? text : undefined,
      "a path that begins with / and has no blanks",
    ),
};

function matching<Value>(value: Value | undefined, expected: string): Parsed<Value> {
  return value === undefined ? { expected } : { value };
}

/** Go's `Atoi`. */
function toInteger(text: string, smallest: number, largest: number): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const integer = Number(text) + 0; // "-0" is 0
  return integer >= smallest && integer <= largest ? integer : undefined;
}

function parseDurationValue(text: string): Parsed<number> {
  const expected = "a duration such as 30s, 1m30s or 100ms, a number of seconds, or 0";
  // The micro sign has two bytes in the environment.
  const nanoseconds = parseSecondsOrDuration(Buffer.from(text, "latin1").toString());
  if (nanoseconds === undefined) return { expected };
  if (nanoseconds < 0n) return { expected: `${expected}; nothing negative`, fallback: 0 };
  const milliseconds = toMilliseconds(nanoseconds);
  if (milliseconds <= LONGEST_TIMER_MS) return { value: milliseconds };
  return {
    value: LONGEST_TIMER_MS,
    warning: "is longer than a timer can run: taken for 24 days and 20 hours",
  };
}

/** classic-watchdog knows `true` and nothing else, of-watchdog `1` too. */
function parseBoolean(text: string, { origin }: Variable, mode: Mode | undefined): Parsed<boolean> {
  if (text === "true") return { value: true };
  if (text === "false" || text === "0") return { value: false };
  if (text !== "1") return { expected: "true or false", fallback: false };
  if (mode !== "classic" || origin === "breeze" || origin === "of") return { value: true };
  return {
    value: false,
    warning: "means false in mode classic, as in classic-watchdog: write true",
  };
}

/** Go's `ParseBool`. */
function parseGoBoolean(text: string): Parsed<boolean> {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return { value: true };
  if (["0", "f", "F", "false", "FALSE", "False"].includes(text)) return { value: false };
  return { expected: "true or false" };
}
