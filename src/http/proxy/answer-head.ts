import { isHeaderName, isHeaderValue } from "../../core/http-grammar.ts";
import { BadAnswer } from "./bad-answer.ts";
import { findHopByHop } from "./hop-by-hop.ts";

/** The head of an upstream's answer, as far as it concerns the client. */
export interface AnswerHead {
  readonly status: number;
  readonly reason: string;
  /** Names and values in turn, as they came, but for what is about the connection and the length. */
  readonly headers: string[];
  /** `undefined`: not said, or, in chunks, not meant. */
  readonly length: number | undefined;
  readonly isChunked: boolean;
  /** Another request may follow on the connection. */
  readonly keepsConnection: boolean;
  readonly contentType: string | undefined;
  readonly isEncoded: boolean;
  /** The protocols that `Upgrade` names, as they came. */
  readonly upgrade: string | undefined;
  /** `X-Duration-Seconds`: how long a watchdog behind says that it took. Not among the headers, for whoever says its own. */
  readonly durationSeconds: string | undefined;
}

/** Reads a head, latin1 and without its empty line, or throws `BadAnswer`. Lines end with CRLF or LF alone (RFC 9112 2.2). */
export function parseAnswerHead(text: string): AnswerHead {
  const [statusLine = "", ...lines] = text.split("\n");
  const [, minor, status, reason = ""] = STATUS_LINE.exec(withoutReturn(statusLine)) ?? [];
  if (status === undefined) throw new BadAnswer("the answer does not begin as HTTP/1.1 does");
  const rawHeaders: string[] = [];
  for (const line of lines) rawHeaders.push(...parseHeaderLine(withoutReturn(line)));
  return toAnswerHead({ status: Number(status), reason, isFirst: minor === "0" }, rawHeaders);
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/** Name and value. A line that goes on with the next one has no name, and is none. */
export function parseHeaderLine(line: string): [string, string] {
  const colon = line.indexOf(":");
  const name = line.slice(0, colon);
  const value = trimBlanks(line.slice(colon + 1));
  if (colon < 1 || !isHeaderName(name) || !isHeaderValue(value)) {
    throw new BadAnswer("the answer has a header that is none");
  }
  return [name, value];
}

function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

interface StatusLine {
  readonly status: number;
  readonly reason: string;
  /** HTTP/1.0. */
  readonly isFirst: boolean;
}

function toAnswerHead({ status, reason, isFirst }: StatusLine, raw: readonly string[]): AnswerHead {
  const isHopByHop = findHopByHop(raw);
  const headers: string[] = [];
  let [length, coding, contentType, upgrade, durationSeconds]: (string | undefined)[] = [];
  let connection = "";
  let isEncoded = false;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] as string;
    const value = raw[index + 1] as string;
    const key = name.toLowerCase();
    if (key === "content-length") length = sameLength(length, value);
    else if (key === "transfer-encoding")
      coding = coding === undefined ? value : `${coding},${value}`;
    else if (key === "connection") connection += `,${value.toLowerCase()}`;
    else if (key === "upgrade") upgrade = upgrade === undefined ? value : `${upgrade}, ${value}`;
    else if (key === "x-duration-seconds") durationSeconds = value;
    else if (!isHopByHop(key)) {
      if (key === "content-type") contentType ??= value;
      else if (key === "content-encoding") isEncoded = value !== "";
      headers.push(name, value);
    }
  }
  return {
    status,
    reason,
    headers,
    // Where both are said the length means nothing (RFC 9112 6.3), and must not reach the next one.
    length: coding !== undefined || length === undefined ? undefined : Number(length),
    isChunked: isChunked(coding, isFirst),
    keepsConnection: keepsConnection(connection, isFirst),
    contentType,
    isEncoded,
    upgrade,
    durationSeconds,
  };
}

function sameLength(before: string | undefined, value: string): string {
  if (!/^\d{1,15}$/.test(value) || (before !== undefined && before !== value)) {
    throw new BadAnswer("the answer's length is none");
  }
  return value;
}

function isChunked(coding: string | undefined, isFirst: boolean): boolean {
  if (coding === undefined) return false;
  if (isFirst || coding.toLowerCase() !== "chunked") {
    throw new BadAnswer("the answer has an unknown transfer encoding");
  }
  return true;
}

function keepsConnection(connection: string, isFirst: boolean): boolean {
  if (connection === "") return !isFirst;
  const options = connection.split(",").map((option) => option.trim());
  return isFirst ? options.includes("keep-alive") : !options.includes("close");
}

/** What may come behind a body: nothing that says how to read it or where it goes. */
export function toTrailers(raw: readonly string[]): [string, string][] {
  const trailers: [string, string][] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] as string;
    if (!NOT_IN_TRAILERS.has(name.toLowerCase())) trailers.push([name, raw[index + 1] as string]);
  }
  return trailers;
}

const NOT_IN_TRAILERS: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "host",
  "keep-alive",
  "set-cookie",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
