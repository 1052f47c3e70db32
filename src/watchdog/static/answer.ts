import { type IncomingHttpHeaders, STATUS_CODES } from "node:http";
import { type Piece, toByteRanges } from "../../http/byteranges.ts";
import { isRangeWanted, judgePreconditions } from "../../http/preconditions.ts";
import { formatContentRange, parseRanges } from "../../http/ranges.ts";
import type { Representation } from "./representation.ts";

/** An answer of which a file is the content, or a part of it, or not. */
export interface FileAnswer {
  readonly status: number;
  readonly headers: string[];
  /** `undefined`: there is no content, and nothing is said of its length. */
  readonly pieces: readonly Piece[] | undefined;
}

/** What a GET or HEAD is answered with where there is a file for it. */
export function answerWithFile(
  isHead: boolean,
  headers: IncomingHttpHeaders,
  representation: Representation,
): FileAnswer {
  const { size, version, description } = representation;
  const verdict = judgePreconditions(headers, representation);
  if (verdict === "notModified") return { status: 304, headers: [...version], pieces: undefined };
  if (verdict === "failed") return toTextAnswer(412);
  const { range } = headers;
  // Of a HEAD no range can be taken (RFC 9110, 14.2).
  if (range === undefined || isHead || !isRangeWanted(headers, representation)) {
    return {
      status: 200,
      headers: [...version, ...description],
      pieces: [{ start: 0, end: size }],
    };
  }
  return answerWithRange(range, representation);
}

function answerWithRange(range: string, representation: Representation): FileAnswer {
  const { size, type, version, description } = representation;
  const ranges = parseRanges(range, size);
  if (ranges === undefined) {
    return {
      status: 200,
      headers: [...version, ...description],
      pieces: [{ start: 0, end: size }],
    };
  }
  const [first, ...others] = ranges;
  if (first === undefined) return toTextAnswer(416, ["Content-Range", `bytes */${size}`]);
  if (others.length === 0) {
    const contentRange = ["Content-Range", formatContentRange(first, size)];
    return { status: 206, headers: [...version, ...description, ...contentRange], pieces: [first] };
  }
  const body = toByteRanges(ranges, size, type);
  const headers = [...version, ...description];
  headers[headers.indexOf("Content-Type") + 1] = body.type;
  return { status: 206, headers, pieces: body.pieces };
}

/** The body is the status, for people. */
export function toTextAnswer(status: number, headers: readonly string[] = []): FileAnswer {
  const text = status === 404 ? "404 page not found\n" : `${status} ${STATUS_CODES[status]}\n`;
  return { status, headers: [...headers, ...PLAIN_TEXT], pieces: [text] };
}

const PLAIN_TEXT = [
  "Content-Type",
  "text/plain; charset=utf-8",
  "X-Content-Type-Options",
  "nosniff",
];
