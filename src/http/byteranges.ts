import { type ByteRange, formatContentRange } from "./ranges.ts";

/** A piece of an answer: text of its own, one character a byte, or bytes of what is answered with. */
export type Piece = string | ByteRange;

export interface ByteRangesBody {
  /** The `Content-Type` of the whole. */
  readonly type: string;
  readonly pieces: readonly Piece[];
}

/** Several ranges in one answer: `multipart/byteranges` (RFC 9110, 14.6). `type` is that of each part. */
export function toByteRanges(
  ranges: readonly ByteRange[],
  size: number,
  type: string,
): ByteRangesBody {
  // Nobody who wrote the file could have known it.
  const boundary = crypto.randomUUID();
  const pieces = ranges.flatMap((range, index): Piece[] => [
    `${index === 0 ? "" : "\r\n"}--${boundary}\r\nContent-Range: ${formatContentRange(range, size)}\r\nContent-Type: ${type}\r\n\r\n`,
    range,
  ]);
  pieces.push(`\r\n--${boundary}--\r\n`);
  return { type: `multipart/byteranges; boundary=${boundary}`, pieces };
}

export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce(
    (sum, piece) => sum + (typeof piece === "string" ? piece.length : piece.end - piece.start),
    0,
  );
}
