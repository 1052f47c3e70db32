import { createHash } from "node:crypto";
import { takeBody } from "../support/framed-body.ts";

/** One answer, with what differs from run to run taken out of it. */
export interface RecordedAnswer {
  readonly status: number;
  readonly reason: string;
  /** Lower-case names, in the order of the alphabet; values of one name in the order in which they came. Without framing. */
  readonly headers: readonly (readonly [string, string])[];
  /** How the body's end is known: `length`, `chunked`, `close`; `none` where there can be no body and nothing is said. */
  readonly framing: string;
  /** Without its chunks. A long one is its length and its digest. */
  readonly body: string;
  /** Behind the last chunk. */
  readonly trailers?: string;
}

/** All that a server said on one connection. One character is one byte. */
export interface Conversation {
  readonly answers: readonly RecordedAnswer[];
  /** What came besides and is no answer, or only a part of one. */
  readonly rest: string;
  /** What became of the connection, from the client's side: the server closed it, reset it, or goes on listening. */
  readonly ending: "closed" | "reset" | "open";
  /** Lines of the watchdog's log, where they are compared. */
  readonly log?: readonly string[];
}

export function parseConversation(
  text: string,
  ending: Conversation["ending"],
  methods: readonly string[],
): Conversation {
  const answers: RecordedAnswer[] = [];
  let rest = text;
  let asked = 0;
  for (;;) {
    const taken = takeAnswer(rest, ending, methods[asked] ?? "GET");
    if (taken === undefined) break;
    answers.push(taken.answer);
    rest = taken.rest;
    if (taken.answer.status >= 200) asked++;
  }
  return { answers, rest: shorten(withoutPlaces(rest)), ending };
}

function takeAnswer(text: string, ending: Conversation["ending"], method: string) {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0 || !text.startsWith("HTTP/1.")) return undefined;
  const [statusLine = "", ...lines] = text.slice(0, headEnd).split("\r\n");
  const [, status = "0", reason = ""] = /^HTTP\/1\.[01] (\d+) ?(.*)$/.exec(statusLine) ?? [];
  const headers = lines.map(toHeader).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const value = (name: string) => headers.find(([key]) => key === name)?.[1];
  const code = Number(status);
  const hasBody = method !== "HEAD" && code >= 200 && code !== 204 && code !== 304;
  const body = hasBody
    ? takeBody(text.slice(headEnd + 4), value, ending !== "open")
    : { taken: "", rest: text.slice(headEnd + 4), trailers: undefined };
  if (body === undefined) return undefined;
  const boundary = /boundary=([\w-]+)/.exec(value("content-type") ?? "")?.[1] ?? "no boundary";
  const steadily = (text: string) => withoutPlaces(text).replaceAll(boundary, "BOUNDARY");
  const answer = {
    status: code,
    reason,
    headers: headers
      .filter(([name]) => name !== "content-length" && name !== "transfer-encoding")
      .map(([name, text]) => [name, steadily(steady(name, text))] as const),
    framing: describeFraming(value, hasBody),
    body: shorten(steadily(body.taken)),
    ...(body.trailers === undefined ? {} : { trailers: body.trailers }),
  };
  return { answer, rest: body.rest };
}

/** The length itself is the body's: the body is compared. */
function describeFraming(value: (name: string) => string | undefined, hasBody: boolean): string {
  if (value("transfer-encoding") !== undefined) return value("transfer-encoding") as string;
  if (value("content-length") !== undefined) return "length";
  return hasBody ? "close" : "none";
}

function toHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

/** What two runs of one program do not say alike. */
function steady(name: string, value: string): string {
  if (name === "date") return /^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/.test(value) ? "DATE" : value;
  if (name === "x-duration-seconds") return value.replace(/^\d+\.\d{6}$/, "SECONDS");
  return value;
}

/** Where a server listens, and where this project lies. */
const withoutPlaces = (text: string): string =>
  text.replace(/127\.0\.0\.1:\d+/g, "ADDRESS").replace(/\/[\w/.-]*(?=\/test\/fixtures\/)/g, "");

const LONGEST_BODY = 1024;

function shorten(text: string): string {
  if (text.length <= LONGEST_BODY) return text;
  const digest = createHash("sha256").update(text, "latin1").digest("hex");
  return `${text.length} bytes, sha256 ${digest}`;
}
