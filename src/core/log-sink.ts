import { Buffer } from "node:buffer";
import { type BatchWriter, createBatchWriter } from "./batch-writer.ts";

export interface LogSinkOptions {
  readonly descriptor: number;
  /** Lines can be written again, after so many had to be dropped. */
  readonly onResume: (dropped: number) => void;
  /** What is held for a reader who does not read; lines beyond it are dropped. @defaultValue 4 MiB */
  readonly limitBytes?: number;
  /** How long lines are collected before they are written, unless there are many. @defaultValue 10 */
  readonly delayMs?: number;
}

const DEFAULTS = Object.freeze({ limitBytes: 4 * 1024 * 1024, delayMs: 10 });
const LONGEST_CLOSE_MS = 1_000;

/**
 * Lines are collected as bytes, in pieces of this size: the strings that a logger glues together take several times the
 * space while they wait.
 */
const BATCH_BYTES = 32 * 1024;

interface Batch {
  readonly buffer: Buffer;
  readonly usedBytes: number;
  readonly lines: number;
}

/** Where lines go. */
export interface LineSink {
  /** Much is held. Who has lines without end gives way to those who have one now and then, and tells `drop` how many. */
  readonly isCrowded: boolean;
  /** So many whole lines with their ends, one unless it is said, which are kept or dropped together. A string becomes UTF-8. */
  write(lines: string | Uint8Array, count?: number): void;
  drop(lines: number): void;
}

/** Takes the lines of a log, which costs about as much as copying them, and never lets anybody wait. */
export class LogSink implements LineSink {
  readonly #options: Required<LogSinkOptions>;
  readonly #writer: BatchWriter;
  readonly #waiting: Batch[] = [];
  #current: Buffer = Buffer.allocUnsafeSlow(BATCH_BYTES);
  #currentBytes = 0;
  #currentLines = 0;
  #spare: Buffer | undefined;
  #heldBytes = 0;
  #isWriting = false;
  #timer: NodeJS.Timeout | undefined;
  #dropped = 0;
  #unreported = 0;
  #hasReader = true;
  #isClosed = false;
  #whenEmpty: (() => void) | undefined;

  constructor(options: LogSinkOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#writer = createBatchWriter(options.descriptor);
  }

  /** How many lines were dropped since the beginning. */
  get dropped(): number {
    return this.#dropped;
  }

  get isCrowded(): boolean {
    return this.#heldBytes > this.#options.limitBytes / 4;
  }

  write(lines: string | Uint8Array, count = 1): void {
    const isTooMuch =
      this.#heldBytes > 0 && this.#heldBytes + lines.length > this.#options.limitBytes;
    if (isTooMuch || this.#isClosed) {
      this.drop(count);
      return;
    }
    if (this.#unreported > 0 && this.#hasReader && !this.isCrowded) this.#report();
    const bytes = this.#append(lines);
    this.#currentBytes += bytes;
    this.#heldBytes += bytes;
    this.#currentLines += count;
    this.#timer ??= setTimeout(() => this.#writeCurrent(), this.#options.delayMs);
  }

  drop(lines: number): void {
    this.#dropped += lines;
    this.#unreported += lines;
  }

  /** Writes at once what the reader takes at once, for the moment before the process ends; the rest is lost. */
  flush(): void {
    this.#closeCurrent(BATCH_BYTES);
    const bytes = Buffer.concat(this.#waiting.splice(0).map(usedPart));
    this.#heldBytes -= bytes.length;
    this.#writer.writeNow(bytes);
  }

  /** Waits until all is written, for at most a second. Lines that come later are dropped. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#whenEmpty = resolve;
    this.#writeCurrent();
    if (this.#heldBytes > 0) {
      const bound = setTimeout(resolve, LONGEST_CLOSE_MS);
      await promise;
      clearTimeout(bound);
    }
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#writer.close();
  }

  #report(): void {
    const dropped = this.#unreported;
    this.#unreported = 0;
    this.#options.onResume(dropped);
  }

  #append(lines: string | Uint8Array): number {
    const isText = typeof lines === "string";
    const room = this.#current.length - this.#currentBytes;
    // To count them exactly takes as long as to write them.
    if (lines.length > room || (isText && lines.length * 3 > room)) {
      this.#closeCurrent(Math.max(Buffer.byteLength(lines), BATCH_BYTES));
      this.#writeNext();
    }
    if (isText) return this.#current.write(lines, this.#currentBytes);
    this.#current.set(lines, this.#currentBytes);
    return lines.length;
  }

  #writeCurrent(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#closeCurrent(BATCH_BYTES);
    this.#writeNext();
  }

  /** Makes room for so many bytes. */
  #closeCurrent(nextBytes: number): void {
    if (this.#currentLines > 0) {
      const [buffer, usedBytes, lines] = [this.#current, this.#currentBytes, this.#currentLines];
      this.#waiting.push({ buffer, usedBytes, lines });
      this.#currentBytes = 0;
      this.#currentLines = 0;
    } else if (this.#current.length >= nextBytes) {
      return;
    }
    const spare = nextBytes === BATCH_BYTES ? this.#spare : undefined;
    if (spare !== undefined) this.#spare = undefined;
    this.#current = spare ?? Buffer.allocUnsafeSlow(nextBytes);
  }

  #writeNext(): void {
    if (this.#isWriting) return;
    const batch = this.#waiting.shift();
    if (batch === undefined) return;
    this.#isWriting = true;
    this.#writer.write(usedPart(batch), (isLost) => this.#written(batch, isLost));
  }

  #written({ buffer, usedBytes, lines }: Batch, isLost: boolean): void {
    this.#isWriting = false;
    this.#hasReader = !isLost;
    this.#heldBytes -= usedBytes;
    if (isLost) this.drop(lines);
    if (buffer.length === BATCH_BYTES) this.#spare = buffer;
    if (this.#heldBytes > 0) this.#writeNext();
    else if (this.#unreported > 0 && this.#hasReader) this.#report();
    else this.#whenEmpty?.();
  }
}

function usedPart({ buffer, usedBytes }: Batch): Buffer {
  return buffer.subarray(0, usedBytes);
}
