import { Buffer } from "node:buffer";
import { Chunks } from "../core/chunks.ts";
import type { FunctionLog } from "./telemetry.ts";

/**
 * Cuts what a function writes into lines, without their ends. Whatever it writes is taken at once, so that it never waits
 * for its log: a line longer than the limit is passed on in pieces, all but the last of them partial.
 */
export function splitLines(
  limitBytes: number,
  onLine: (line: Buffer, isPartial: boolean) => void,
): FunctionLog {
  return new LineSplitter(limitBytes === 0 ? LONGEST_LINE_BYTES : limitBytes, onLine);
}

/** All that the function writes as one piece, which comes with its end or when the limit is reached. */
export function gather(limitBytes: number, onPiece: (piece: Buffer) => void): FunctionLog {
  const limit = limitBytes === 0 ? LONGEST_LINE_BYTES : limitBytes;
  let held = new Chunks();
  function pass(): void {
    if (held.size > 0) onPiece(Buffer.concat(held.toArray()));
    held = new Chunks();
  }
  return {
    write(chunk) {
      held.push(Buffer.from(chunk));
      if (held.size >= limit) pass();
    },
    end: pass,
  };
}

/** "Of any length" ends somewhere: a function that never ends its line must not take all memory. */
const LONGEST_LINE_BYTES = 1024 * 1024;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const EMPTY = Buffer.alloc(0);

class LineSplitter implements FunctionLog {
  readonly #limit: number;
  readonly #onLine: (line: Buffer, isPartial: boolean) => void;
  /** The line that has begun, if one has. */
  #begun: Chunks | undefined;

  constructor(limit: number, onLine: (line: Buffer, isPartial: boolean) => void) {
    this.#limit = limit;
    this.#onLine = onLine;
  }

  write(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      this.#endLine(bytes.subarray(from, end));
      from = end + 1;
    }
    if (from < bytes.length) this.#begin(bytes.subarray(from));
  }

  end(): void {
    if (this.#begun !== undefined) this.#endLine(EMPTY);
  }

  #begin(rest: Buffer): void {
    this.#begun ??= new Chunks();
    // A copy, since a few bytes would keep the whole chunk.
    this.#begun.push(Buffer.from(rest));
    // One byte more may be the CR of a line end, which does not count.
    if (this.#begun.size > this.#limit + 1) {
      const left = this.#passPieces(Buffer.concat(this.#begun.toArray()));
      this.#begun = new Chunks();
      this.#begun.push(left);
    }
  }

  #endLine(rest: Buffer): void {
    let line = rest;
    if (this.#begun !== undefined) {
      line = Buffer.concat([...this.#begun.toArray(), rest]);
      this.#begun = undefined;
    }
    if (line.at(-1) === CARRIAGE_RETURN) line = line.subarray(0, -1);
    this.#onLine(this.#passPieces(line), false);
  }

  /** Passes on what is over the limit; returns what is left. */
  #passPieces(line: Buffer): Buffer {
    let left = line;
    while (left.length > this.#limit) {
      const length = pieceLength(left, this.#limit);
      this.#onLine(left.subarray(0, length), true);
      left = left.subarray(length);
    }
    return left;
  }
}

/** Not in the middle of a character, if it is UTF-8 at all. */
function pieceLength(bytes: Buffer, limit: number): number {
  let length = limit;
  while (length > limit - 4 && length > 0 && isContinuation(bytes[length])) length -= 1;
  return length > 0 && !isContinuation(bytes[length]) ? length : limit;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}
