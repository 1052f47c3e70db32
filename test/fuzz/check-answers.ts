/** What a client heard on one connection. One character is one byte. */
export interface Heard {
  readonly text: string;
  readonly ending: "closed" | "reset" | "open";
}

/** Every status that the watchdog has for a function that echoes. */
const STATUSES = new Set([
  100, 200, 307, 400, 404, 405, 408, 413, 414, 417, 429, 431, 500, 501, 503, 505,
]);

/**
 * Whether what came back is answers and nothing else: each one well formed, each body whole, of a status that there is, and
 * none of them more than was asked for. `sent` is what it answers, by a function that echoes. In words; undefined: all is well.
 */
export function findAnswerFault(sent: string, { text, ending }: Heard): string | undefined {
  let rest = text;
  let count = 0;
  while (rest !== "") {
    const taken = takeAnswer(rest, sent);
    if (typeof taken === "string") return isCutRightly(ending, taken) ? undefined : taken;
    rest = taken.rest;
    if (taken.status >= 200) count++;
  }
  // Each request has one line with its version at least; what has none is refused once.
  const asked = sent.split("HTTP/").length;
  return count > asked ? `${count} answers to ${asked} requests at most` : undefined;
}

/** A reset takes with it what was on its way. */
const isCutRightly = (ending: Heard["ending"], fault: string): boolean =>
  ending === "reset" && fault.startsWith("cut");

function takeAnswer(text: string, sent: string): { status: number; rest: string } | string {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return `cut in a head: ${quote(text)}`;
  const [statusLine = "", ...lines] = text.slice(0, headEnd).split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3}) [\x20-\x7e]*$/.exec(statusLine)?.[1]);
  if (!STATUSES.has(status)) return `no status of ours: ${quote(statusLine)}`;
  const odd = lines.find((line) => !HEADER_LINE.test(line));
  if (odd !== undefined) return `no header line: ${quote(odd)}`;
  const names = lines.map((line) => line.slice(0, line.indexOf(":")).toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `${twice} twice`;
  const after = text.slice(headEnd + 4);
  if (status === 100) return lines.length > 0 ? "100 with headers" : { status, rest: after };
  return takeBody(status, lines, after, sent);
}

const HEADER_LINE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\t\x20-\x7e\x80-\xff]*$/;

function takeBody(status: number, lines: readonly string[], after: string, sent: string) {
  const length = /^content-length: (\d+)$/im.exec(lines.join("\n"))?.[1];
  if (length === undefined) return "an answer of a buffered mode without a length";
  // To HEAD there is a length and no body; whoever cannot tell sees the next answer, or nothing.
  const isBodyless = sent.includes("HEAD ") && (after === "" || after.startsWith("HTTP/1.1 "));
  if (isBodyless) return { status, rest: after };
  if (after.length < Number(length)) return `cut in a body: ${after.length} of ${length} bytes`;
  const body = after.slice(0, Number(length));
  const isEcho = /chunked/i.test(sent) || sent.includes(body);
  if (status === 200 && body !== "OK" && !isEcho) return `a body that was not sent: ${quote(body)}`;
  return { status, rest: after.slice(Number(length)) };
}

const quote = (text: string): string => JSON.stringify(text.slice(0, 200));
