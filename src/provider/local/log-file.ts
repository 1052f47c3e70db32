import { closeSync, ftruncateSync, openSync, renameSync, statSync, writeSync } from "node:fs";
import { NoRoom } from "../../core/no-room.ts";

/** How many characters a record's time has, with the blank behind it. */
export const TIME_CHARACTERS = 25;
/** A longer line is kept as several. */
const LONGEST_LINE_BYTES = 64 * 1024;

export interface LogFileOptions {
  readonly path: string;
  /** One file of so many bytes, and the one before it (`.1`), are kept. */
  readonly limitBytes: number;
  readonly onLine: (time: Date, text: string) => void;
  /** Lines cannot be written: the disk is full. */
  readonly onFailure: (error: Error) => void;
}

/** Keeps the output of one replica: a record is a line, the time it came at, a blank, and what it said. */
export class LogFile {
  readonly #options: LogFileOptions;
  #descriptor: number;
  #bytes: number;
  #partial: Buffer[] = [];
  #partialBytes = 0;

  constructor(options: LogFileOptions) {
    this.#options = options;
    this.#descriptor = openSync(options.path, "a", 0o600);
    this.#bytes = statSync(options.path).size;
  }

  append(chunk: Buffer): void {
    let start = 0;
    const lines: Buffer[] = [];
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      lines.push(this.#complete(chunk.subarray(start, end)));
      start = end + 1;
    }
    this.#hold(chunk.subarray(start));
    if (this.#partialBytes >= LONGEST_LINE_BYTES) lines.push(this.#complete(Buffer.alloc(0)));
    if (lines.length > 0) this.#write(lines);
  }

  /** What came last need not end with a line's end. */
  close(): void {
    if (this.#partialBytes > 0) this.#write([this.#complete(Buffer.alloc(0))]);
    closeSync(this.#descriptor);
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#partial.push(Buffer.from(bytes));
    this.#partialBytes += bytes.length;
  }

  #complete(end: Buffer): Buffer {
    if (this.#partialBytes === 0) return end;
    const line = Buffer.concat([...this.#partial, end]);
    this.#partial = [];
    this.#partialBytes = 0;
    return line;
  }

  #write(lines: readonly Buffer[]): void {
    const time = new Date();
    const prefix = Buffer.from(`${time.toISOString()} `);
    const records = Buffer.concat(lines.flatMap((line) => [prefix, line, LINE_END]));
    try {
      if (this.#bytes > 0 && this.#bytes + records.length > this.#options.limitBytes) {
        this.#rotate();
      }
      this.#append(records);
    } catch (error) {
      this.#options.onFailure(error as Error);
    }
    for (const line of lines) this.#options.onLine(time, line.toString());
  }

  /** As a whole or not at all: what follows half a line would be a part of it. */
  #append(records: Buffer): void {
    const written = writeSync(this.#descriptor, records);
    if (written < records.length) {
      ftruncateSync(this.#descriptor, this.#bytes);
      throw new NoRoom("there is no room on the disk");
    }
    this.#bytes += written;
  }

  #rotate(): void {
    const { path } = this.#options;
    renameSync(path, `${path}.1`);
    const next = openSync(path, "a", 0o600);
    closeSync(this.#descriptor);
    this.#descriptor = next;
    this.#bytes = 0;
  }
}

const LINE_END = Buffer.from("\n");
