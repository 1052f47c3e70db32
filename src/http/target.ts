/** A request target, taken apart but not decoded. */
export interface Target {
  readonly path: string;
  /** Without the question mark; empty where there is none. */
  readonly query: string;
  /** Of an absolute target (`http://host/path`): the authority, which counts instead of the header `Host`. */
  readonly authority: string | undefined;
}

/** `undefined`: neither a path nor an absolute target. */
export function parseTarget(target: string): Target | undefined {
  if (target.charCodeAt(0) === SLASH) return splitQuery(target, undefined);
  const scheme = target.indexOf("://");
  if (scheme <= 0) return undefined;
  const start = scheme + 3;
  let end = start;
  while (end < target.length && target[end] !== "/" && target[end] !== "?") end++;
  const authority = target.slice(start, end);
  return splitQuery(target.slice(end), authority.slice(authority.lastIndexOf("@") + 1));
}

const SLASH = 0x2f;

function splitQuery(target: string, authority: string | undefined): Target {
  const mark = target.indexOf("?");
  if (mark < 0) return { path: target, query: "", authority };
  return { path: target.slice(0, mark), query: target.slice(mark + 1), authority };
}

/**
 * The path as bytes, one character each. `undefined` where an escape is none, or stands for a byte that ends a line or a
 * variable: NUL, CR, LF.
 */
export function decodePath(path: string): string | undefined {
  let percent = path.indexOf("%");
  if (percent < 0) return path;
  let decoded = "";
  let copied = 0;
  for (; percent >= 0; percent = path.indexOf("%", copied)) {
    const byte = hexDigit(path, percent + 1) * 16 + hexDigit(path, percent + 2);
    if (Number.isNaN(byte) || byte === 0x00 || byte === 0x0d || byte === 0x0a) return undefined;
    decoded += path.slice(copied, percent) + String.fromCharCode(byte);
    copied = percent + 3;
  }
  return decoded + path.slice(copied);
}

function hexDigit(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN;
}

/** The path without empty, `.` and `..` segments, as Go's ServeMux has it; what is escaped is not looked into. */
export function cleanPath(path: string): string {
  if (path.length > 0 && !path.includes("//") && !path.includes("/.")) return path;
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const cleaned = `/${kept.join("/")}`;
  return path.endsWith("/") && cleaned !== "/" ? `${cleaned}/` : cleaned;
}

/** A `.` or `..` segment, escaped or not: to whoever decodes first they are the same (RFC 3986 6.2.2.2). */
export function hasDotSegment(path: string): boolean {
  return DOT_SEGMENT.test(path);
}

const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;

/** What may stand in a `Location` as it is; a backslash, say, would name another host to a browser. */
const UNSAFE_IN_LOCATION = /[^\w\-.~!$&'()*+,;=:@%/?]/g;

export function toLocation(path: string, query: string): string {
  return (query === "" ? path : `${path}?${query}`).replace(
    UNSAFE_IN_LOCATION,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
