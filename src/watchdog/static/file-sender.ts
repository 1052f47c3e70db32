import type { Stats } from "node:fs";
import { giveBack } from "../../core/give-back.ts";
import type { Piece } from "../../http/byteranges.ts";
import type { Exchange } from "../../http/exchange.ts";
import type { ByteRange } from "../../http/ranges.ts";
import type { OpenFile } from "./open-file.ts";

/** As much is read at once, and held for a client that takes its time. */
const CHUNK_BYTES = 128 * 1024;

export interface SendOptions {
  readonly exchange: Exchange;
  /** Closed when all is sent, or when it is stopped. */
  readonly file: OpenFile;
  readonly pieces: readonly Piece[];
  /** Called once, unless it is stopped. Not whole: what was promised cannot be kept. */
  readonly onEnd: (isWhole: boolean) => void;
}

/** Sends pieces of a file, as fast as the client takes them. */
export class FileSender {
  readonly #options: SendOptions;
  readonly #pieces: Piece[];
  #isReading = false;

  constructor(options: SendOptions) {
    this.#options = options;
    this.#pieces = [...options.pieces];
  }

  /** The next chunk: to begin with, and when the client has taken what it was sent. */
  sendNext(): void {
    if (this.#isReading) return;
    const piece = this.#pieces.shift();
    if (piece === undefined) this.#finish(true);
    else if (typeof piece === "string") this.#write(Buffer.from(piece, "latin1"));
    else this.#sendChunk(piece);
  }

  /** Nobody is there to be sent anything. */
  stop(): void {
    this.#options.file.close();
  }

  #sendChunk({ start, end }: ByteRange): void {
    const length = Math.min(CHUNK_BYTES, end - start);
    if (start + length < end) this.#pieces.unshift({ start: start + length, end });
    this.#isReading = true;
    const { file } = this.#options;
    file.read(start, length, (error, { bytes, stats }) => {
      this.#isReading = false;
      if (error === null && bytes.length === length && isIntact(file.stats, stats)) {
        this.#write(bytes);
      } else {
        giveBack(bytes);
        this.#finish(false);
      }
    });
  }

  #write(chunk: Buffer): void {
    if (this.#options.exchange.write(chunk)) this.sendNext();
  }

  #finish(isWhole: boolean): void {
    this.stop();
    this.#options.onEnd(isWhole);
  }
}

/** What has been read so far belongs together: nothing was written to the file, but perhaps behind its end. */
function isIntact(before: Stats, now: Stats): boolean {
  return now.size > before.size || (now.size === before.size && now.mtimeMs === before.mtimeMs);
}
