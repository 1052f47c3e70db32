import { isUtf8 } from "node:buffer";
import { NO_BYTES } from "../core/no-bytes.ts";
import { canonicalHeaderName } from "../http/headers.ts";
import type { StoredBody } from "../http/stored-body.ts";
import { INLINE_BODY_LIMIT_BYTES } from "../process/run.ts";
import type { InputSource } from "./input-feeder.ts";

/** `marshal_request`: headers and body as one JSON object, byte for byte as Go's encoding/json writes it. */
export function marshalRequest(
  rawHeaders: readonly string[],
  body: Buffer | StoredBody,
): Buffer | InputSource {
  const opening = `{"header":${marshalHeaders(rawHeaders)},"body":{"raw":"`;
  const source = new MarshalledSource(
    Buffer.from(opening),
    Buffer.isBuffer(body) ? toSource(body) : body,
  );
  if (!Buffer.isBuffer(body)) return source;
  const marshalled = Buffer.from(opening + body.toString("base64") + CLOSING);
  return marshalled.length <= INLINE_BODY_LIMIT_BYTES ? marshalled : source;
}

const CLOSING = '"}}';

/** What is no header to Go: it has these elsewhere. */
const NO_HEADERS = new Set(["Host", "Transfer-Encoding", "Trailer"]);

function marshalHeaders(rawHeaders: readonly string[]): string {
  const values = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = canonicalHeaderName(rawHeaders[index] as string);
    if (NO_HEADERS.has(name)) continue;
    const list = values.get(name) ?? [];
    list.push(toJson(Buffer.from(rawHeaders[index + 1] as string, "latin1")));
    values.set(name, list);
  }
  const names = [...values.keys()].sort();
  return escapeMarkup(`{${names.map((name) => `${JSON.stringify(name)}:[${values.get(name)}]`)}}`);
}

/** A string of JSON; each byte that is no UTF-8 is `\ufffd`, as Go writes it. */
function toJson(bytes: Buffer): string {
  if (isUtf8(bytes)) return JSON.stringify(bytes.toString());
  const pieces: string[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    if (length === 0) {
      pieces.push(unquoted(bytes, start, at), "\\ufffd");
      start = at + 1;
    }
    at += length || 1;
  }
  return `"${pieces.join("")}${unquoted(bytes, start, bytes.length)}"`;
}

function unquoted(bytes: Buffer, start: number, end: number): string {
  return start === end ? "" : JSON.stringify(bytes.toString("utf8", start, end)).slice(1, -1);
}

/** In bytes; 0 where none begins. A header may be a hundred thousand bytes of nonsense, so that is seen without being tried. */
function characterLength(bytes: Buffer, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4 || ((bytes[at + 1] ?? 0) & 0xc0) !== 0x80) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

/** What Go escapes beyond JSON's own rules, so that the text is safe inside HTML and JavaScript. */
function escapeMarkup(json: string): string {
  return MARKUP.reduce((text, [character, escaped]) => text.replaceAll(character, escaped), json);
}

const MARKUP = [..."<>&\u2028\u2029"].map((character) => {
  const code = character.charCodeAt(0).toString(16).padStart(4, "0");
  return [character, `\\u${code}`] as const;
});

function toSource(body: Buffer): InputSource {
  let next = body;
  return {
    read(receive) {
      const piece = next;
      next = NO_BYTES;
      receive(null, piece);
    },
    close() {
      next = NO_BYTES;
    },
  };
}

/** Base64 knows groups of three bytes, whatever the pieces are cut into. */
class MarshalledSource implements InputSource {
  readonly #source: InputSource;
  #opening: Buffer | undefined;
  #rest: Uint8Array = NO_BYTES;
  #isOver = false;

  constructor(opening: Buffer, source: InputSource) {
    this.#opening = opening;
    this.#source = source;
  }

  read(receive: (error: Error | null, piece: Uint8Array) => void): void {
    const opening = this.#opening;
    this.#opening = undefined;
    if (this.#isOver) receive(null, NO_BYTES);
    else if (opening !== undefined) receive(null, opening);
    else this.#source.read((error, piece) => this.#pass(error, piece, receive));
  }

  close(): void {
    this.#isOver = true;
    this.#source.close();
  }

  #pass(error: Error | null, piece: Uint8Array, receive: Parameters<InputSource["read"]>[0]): void {
    const encoded = piece.length === 0 ? this.#finish() : this.#encode(piece);
    // Less than a group came: nothing to pass on yet, and nothing would be the end.
    if (encoded.length === 0) this.read(receive);
    else receive(error, encoded);
  }

  #encode(piece: Uint8Array): Buffer {
    const bytes = Buffer.concat([this.#rest, piece]);
    const whole = bytes.length - (bytes.length % 3);
    this.#rest = bytes.subarray(whole);
    return Buffer.from(bytes.toString("base64", 0, whole));
  }

  #finish(): Buffer {
    this.#isOver = true;
    return Buffer.from(Buffer.from(this.#rest).toString("base64") + CLOSING);
  }
}
