import { isBodiless } from "../../src/core/http-grammar.ts";
import { takeBody } from "../support/framed-body.ts";

/** What a client heard on one connection. One character is one byte. */
export interface Heard {
  readonly text: string;
  readonly ending: "closed" | "reset" | "open";
  /** It had closed its side before. */
  readonly isHalfClosed: boolean;
}

/** One answer of those that were heard. */
export interface HeardAnswer {
  readonly status: number;
  /** By its name in small letters. */
  header(name: string): string | undefined;
  /** Without its chunks. */
  readonly body: string;
}

/** What a server may say. */
export interface Vocabulary {
  readonly statuses: ReadonlySet<number>;
  /** What is wrong with an answer that is well formed, in words. */
  findFault(answer: HeardAnswer): string | undefined;
}

/**
 * Whether what came back is answers and nothing else: each one well formed, each body whole, of a status that there is, and
 * none of them more than was asked for. `sent` is what it answers. In words; undefined: all is well.
 */
export function findAnswerFault(
  sent: string,
  heard: Heard,
  vocabulary: Vocabulary,
): string | undefined {
  let rest = heard.text;
  let count = 0;
  while (rest !== "") {
    const taken = takeAnswer({ ...heard, text: rest }, sent, vocabulary);
    if (typeof taken === "string") return isCutRightly(heard, taken) ? undefined : taken;
    rest = taken.rest;
    if (taken.status >= 200) count++;
  }
  // Each request has one line with its version at least; what has none is refused once.
  const asked = sent.split("HTTP/").length;
  return count > asked ? `${count} answers to ${asked} requests at most` : undefined;
}

/** A reset takes with it what was on its way. Who has closed his side counts as gone: what was not sent yet never is. */
const isCutRightly = ({ ending, isHalfClosed }: Heard, fault: string): boolean =>
  fault.startsWith("cut") && (ending === "reset" || (ending === "closed" && isHalfClosed));

interface Taken {
  readonly status: number;
  readonly rest: string;
}

function takeAnswer(heard: Heard, sent: string, vocabulary: Vocabulary): Taken | string {
  const { text } = heard;
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return `cut in a head: ${quote(text)}`;
  const [statusLine = "", ...lines] = text.slice(0, headEnd).split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3}) [\x20-\x7e]*$/.exec(statusLine)?.[1]);
  if (!vocabulary.statuses.has(status)) return `no status of ours: ${quote(text)}`;
  const odd = lines.find((line) => !HEADER_LINE.test(line));
  if (odd !== undefined) return `no header line: ${quote(odd)}`;
  const headers = lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]);
  const names = headers.map(([name]) => name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `${twice} twice`;
  const after = text.slice(headEnd + 4);
  if (status === 100) return lines.length > 0 ? "100 with headers" : { status, rest: after };
  // What comes behind it is no HTTP.
  if (status === 101) return /upgrade/i.test(sent) ? { status, rest: "" } : "101 to nobody";
  const header = (name: string) => headers[names.indexOf(name)]?.[1];
  const framed = frame({ ...heard, text: after }, status, header, sent);
  if (framed === undefined) return `cut in a body: ${after.length} bytes behind ${quote(text)}`;
  const fault = vocabulary.findFault({ status, header, body: framed.taken });
  return fault ?? { status, rest: framed.rest };
}

const HEADER_LINE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\t\x20-\x7e\x80-\xff]*$/;

/** To HEAD there is a length and no body; whoever cannot tell sees the next answer, or nothing. */
function frame(
  { text, ending }: Heard,
  status: number,
  header: HeardAnswer["header"],
  sent: string,
) {
  const looksBodiless = sent.includes("HEAD ") && (text === "" || text.startsWith("HTTP/1.1 "));
  if (looksBodiless || isBodiless(status)) return { taken: "", rest: text };
  return takeBody(text, header, ending === "closed");
}

const quote = (text: string): string => JSON.stringify(text.slice(0, 300));
