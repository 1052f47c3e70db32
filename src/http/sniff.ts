import { SIGNATURES } from "./signatures.ts";

/** How much of a body its type is guessed from. */
export const SNIFFED_BYTES = 512;

/** The type that Go's net/http gives a body that has none, by the WHATWG's MIME sniffing. */
export function sniffContentType(body: Uint8Array): string {
  const head = body.length > SNIFFED_BYTES ? body.subarray(0, SNIFFED_BYTES) : body;
  const start = skipWhitespace(head);
  // Most answers are text that begins like no signature: they are looked through once and no more.
  const known = BEGINS_SIGNATURE[head[start] ?? 1] === 1 || BEGINS_SIGNATURE[head[0] ?? 1] === 1;
  const type = known ? bySignature(head, start) : undefined;
  return type ?? (isText(head, start) ? "text/plain; charset=utf-8" : "application/octet-stream");
}

const BEGINS_SIGNATURE = new Uint8Array(256);
for (const { pattern } of SIGNATURES) BEGINS_SIGNATURE[pattern.charCodeAt(0)] = 1;

function skipWhitespace(head: Uint8Array): number {
  let index = 0;
  while (index < head.length && isWhitespace(head[index] as number)) index++;
  return index;
}

function isWhitespace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x0c;
}

function isText(head: Uint8Array, start: number): boolean {
  for (let index = start; index < head.length; index++) {
    if (IS_BINARY[head[index] as number] === 1) return false;
  }
  return true;
}

/** The control characters that text does not have: all but tab, line feed, form feed, carriage return and escape. */
const IS_BINARY = new Uint8Array(256);
for (let byte = 0; byte < 0x20; byte++) {
  if (!isWhitespace(byte) && byte !== 0x1b) IS_BINARY[byte] = 1;
}

function bySignature(head: Uint8Array, start: number): string | undefined {
  for (const { kind, pattern, type } of SIGNATURES) {
    const matches =
      kind === "tag"
        ? matchesTag(head, start, pattern)
        : kind === "mp4"
          ? isMp4(head)
          : matchesPattern(head, kind === "behindWhitespace" ? start : 0, pattern, kind);
    if (matches) return type;
  }
  return undefined;
}

/** Upper or lower case, and ended by a blank or `>`. */
function matchesTag(head: Uint8Array, start: number, tag: string): boolean {
  const end = head[start + tag.length];
  if (end !== 0x20 && end !== 0x3e) return false;
  for (let index = 0; index < tag.length; index++) {
    const expected = tag.charCodeAt(index);
    const byte = head[start + index] as number;
    const isLetter = expected >= 0x41 && expected <= 0x5a;
    if ((isLetter ? byte & 0xdf : byte) !== expected) return false;
  }
  return true;
}

function matchesPattern(head: Uint8Array, start: number, pattern: string, kind: string): boolean {
  if (head.length - start < pattern.length) return false;
  for (let index = 0; index < pattern.length; index++) {
    const expected = pattern.charCodeAt(index);
    if (kind === "masked" && expected === 0) continue;
    if (head[start + index] !== expected) return false;
  }
  return true;
}

/** A box `ftyp` of which one brand begins with `mp4`; the minor version behind the first brand is no brand. */
function isMp4(head: Uint8Array): boolean {
  const box = Buffer.from(head.buffer, head.byteOffset, head.length);
  if (box.length < 12 || box.toString("latin1", 4, 8) !== "ftyp") return false;
  const size = box.readUInt32BE(0);
  if (size > box.length || size % 4 !== 0) return false;
  for (let brand = 8; brand < size; brand += 4) {
    if (brand !== 12 && box.toString("latin1", brand, brand + 3) === "mp4") return true;
  }
  return false;
}
