import { Buffer } from "node:buffer";
import { Chunks } from "../core/chunks.ts";
import { NO_BYTES } from "../core/no-bytes.ts";
import type { FunctionLog } from "./telemetry.ts";

/** Lines with `\n` between them and none behind; partial: a piece of one, more of which follows. */
type OnLines = (lines: Buffer, isPartial: boolean) => void;

/**
 * Cuts what a function writes into lines, short ones several at a time. Whatever it writes is taken at once, so that it never
 * waits for its log: a line longer than the limit is passed on in pieces, all but the last of them partial.
 */
export function splitLines(limitBytes: number, onLines: OnLines): FunctionLog {
  return new LineSplitter(limitBytes === 0 ? LONGEST_LINE_BYTES : limitBytes, onLines);
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

/** With `\n` between them and none behind. */
export function countLines(lines: Buffer): number {
  let count = 1;
  for (const byte of lines) if (byte === LINE_FEED) count += 1;
  return count;
}

/** "Of any length" ends somewhere: a function that never ends its line must not take all memory. */
const LONGEST_LINE_BYTES = 1024 * 1024;
/** What is passed on at a time. Line by line a flood of empty ones would cost many times as much; as JSON this is 20 KB of them. */
const BATCH_BYTES = 256;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

class LineSplitter implements FunctionLog {
  readonly #limit: number;
  readonly #onLines: OnLines;
  /** The line that has begun, if one has. */
  #begun: Chunks | undefined;

  constructor(limit: number, onLines: OnLines) {
    this.#limit = limit;
    this.#onLines = onLines;
  }

  write(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let from = 0;
    while (from < bytes.length) {
      let end = this.#begun === undefined ? this.#endOfBatch(bytes, from) : -1;
      if (end >= from) {
        this.#passLines(bytes.subarray(from, end));
      } else {
        end = bytes.indexOf(LINE_FEED, from);
        if (end < 0) break;
        this.#endLine(bytes.subarray(from, end));
      }
      from = end + 1;
    }
    if (from < bytes.length) this.#begin(bytes.subarray(from));
  }

  end(): void {
    if (this.#begun !== undefined) this.#endLine(NO_BYTES);
  }

  /** The end of the last line that ends in the next batch, in which none is over the limit; less than `from`: no line does. */
  #endOfBatch(bytes: Buffer, from: number): number {
    return bytes.lastIndexOf(LINE_FEED, from + Math.min(this.#limit, BATCH_BYTES) - 1);
  }

  #passLines(lines: Buffer): void {
    const text = lines.toString("latin1");
    this.#onLines(text.includes("\r") ? withoutReturns(text) : lines, false);
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
    this.#onLines(this.#passPieces(line), false);
  }

  /** Passes on what is over the limit; returns what is left. */
  #passPieces(line: Buffer): Buffer {
    let left = line;
    while (left.length > this.#limit) {
      const length = pieceLength(left, this.#limit);
      this.#onLines(left.subarray(0, length), true);
      left = left.subarray(length);
    }
    return left;
  }
}

/** A CR before the end of a line is part of that end. */
function withoutReturns(lines: string): Buffer {
  return Buffer.from(lines.replace(/\r(?=\n|$)/g, ""), "latin1");
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
