import { giveBack } from "../core/give-back.ts";
import { NO_BYTES } from "../core/no-bytes.ts";
import type { SpoolFile } from "./spool.ts";

/** A body too large for one piece: its beginning in a file, perhaps, and the rest in memory. Read once. */
export class StoredBody {
  readonly size: number;
  #file: SpoolFile | undefined;
  #rest: readonly Uint8Array[];
  #next = 0;
  #onRead: () => void;

  /** `onRead`: what was in memory is not this one's any more. */
  constructor(
    size: number,
    file: SpoolFile | undefined,
    rest: readonly Uint8Array[],
    onRead: () => void = () => {},
  ) {
    this.size = size;
    this.#file = file;
    this.#rest = rest;
    this.#onRead = onRead;
  }

  /** The next piece; an empty one is the end. */
  read(receive: (error: Error | null, piece: Uint8Array) => void): void {
    if (this.#file === undefined) {
      const piece = this.#rest[this.#next++] ?? NO_BYTES;
      if (piece.length === 0) this.#release();
      receive(null, piece);
      return;
    }
    this.#file.read((error, piece) => {
      if (error !== null || piece.length > 0) {
        receive(error, piece);
      } else {
        this.#closeFile();
        this.read(receive);
      }
    });
  }

  close(): void {
    this.#closeFile();
    // A piece that was read is its reader's.
    this.#rest.slice(this.#next).forEach(giveBack);
    this.#rest = [];
    this.#release();
  }

  #release(): void {
    this.#onRead();
    this.#onRead = () => {};
  }

  #closeFile(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}
