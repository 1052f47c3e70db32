import { ApiError } from "./api-error.ts";

/** What is asked here is three levels deep at most; Alertmanager's messages are four. */
const MOST_LEVELS = 32;

/** Throws `ApiError` (400) at what is no JSON, or has a key that would mean something else to a program than to a reader (T49). */
export function parseJson(text: string): unknown {
  const value = parse(text);
  if (hasPrototypeKey(value)) throw refuse("no key can be __proto__");
  return value;
}

/** What the bytes say. Throws `ApiError` (400) at what is too deep to be built something of (T49). */
export function readText(bytes: Uint8Array): string {
  const text = decode(bytes);
  if (countLevels(text) > MOST_LEVELS) throw refuse(`it has more than ${MOST_LEVELS} levels`);
  return text;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refuse("it is not UTF-8");
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuse(withoutExcerpt((error as Error).message));
  }
}

/** Where V8 shows what stands there, it may be a part of a secret (T34): `Unexpected token 'x', ..."excerpt" is not`. */
const withoutExcerpt = (message: string) => message.replace(/^(Unexpected token .+?'), .*$/s, "$1");

function refuse(reason: string): ApiError {
  return new ApiError(400, `Cannot parse request. Please pass valid JSON: ${reason}.`);
}

function countLevels(text: string): number {
  let level = 0;
  let most = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    else if (code === BRACKET || code === BRACE) most = Math.max(most, ++level);
    else if (code === BRACKET_END || code === BRACE_END) level--;
  }
  return most;
}

function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index;
    if (code === BACKSLASH) index++;
  }
  return text.length;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACKET = 0x5b;
const BRACKET_END = 0x5d;
const BRACE = 0x7b;
const BRACE_END = 0x7d;

function hasPrototypeKey(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, "__proto__") || Object.values(value).some(hasPrototypeKey);
}
