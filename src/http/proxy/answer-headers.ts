import { findHopByHop } from "./hop-by-hop.ts";

/** The head of an upstream's answer, as far as it concerns the client. */
export interface AnswerHead {
  readonly status: number;
  readonly reason: string;
  /** Names and values in turn, as they came, but for what is about the connection and the length. */
  readonly headers: string[];
  /** `undefined`: only its end tells. */
  readonly length: number | undefined;
  readonly contentType: string | undefined;
  readonly isEncoded: boolean;
}

/** `raw` is what undici has read, in bytes. */
export function toAnswerHead(status: number, reason: string, raw: readonly Buffer[]): AnswerHead {
  const rawHeaders = raw.map((bytes) => bytes.toString("latin1"));
  const isHopByHop = findHopByHop(rawHeaders);
  const headers: string[] = [];
  let length: string | undefined;
  let contentType: string | undefined;
  let isEncoded = false;
  let isChunked = false;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    const value = rawHeaders[index + 1] as string;
    const key = name.toLowerCase();
    if (key === "content-length") {
      length = value;
      continue;
    }
    if (key === "transfer-encoding") isChunked = true;
    if (isHopByHop(key) || key === "x-duration-seconds") continue;
    if (key === "content-type") contentType ??= value;
    if (key === "content-encoding") isEncoded = value !== "";
    headers.push(name, value);
  }
  // Where both are said the length means nothing (RFC 9112 6.3), and must not reach the next one.
  return {
    status,
    reason: isReason(reason) ? reason : "",
    headers,
    length: isChunked || length === undefined ? undefined : Number(length),
    contentType,
    isEncoded,
  };
}

/** As much of it as node will send. */
function isReason(reason: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(reason);
}

/** What may come behind a body: nothing that says how to read it or where it goes. */
export function toTrailers(raw: readonly Buffer[]): [string, string][] {
  const trailers: [string, string][] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] as Buffer).toString("latin1");
    if (!NOT_IN_TRAILERS.has(name.toLowerCase())) {
      trailers.push([name, (raw[index + 1] as Buffer).toString("latin1")]);
    }
  }
  return trailers;
}

const NOT_IN_TRAILERS: ReadonlySet<string> = new Set([
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

/** A body that goes on as long as its author has something to say. */
export function isStream(contentType: string | undefined): boolean {
  if (contentType === undefined) return false;
  const end = contentType.indexOf(";");
  const type = (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
  return STREAM_TYPES.has(type);
}

const STREAM_TYPES: ReadonlySet<string> = new Set([
  "text/event-stream",
  "application/x-ndjson",
  "application/ndjson",
  "application/jsonl",
]);
