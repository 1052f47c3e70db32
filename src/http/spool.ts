import { close, closeSync, open, read, unlink, writev } from "node:fs";
import { join } from "node:path";

/** Where bodies that are too large for memory are kept until the function starts. */
export interface SpoolFolder {
  /** `undefined`: no file can be made here, and from now on nobody tries. */
  createFile(receive: (file: SpoolFile | undefined) => void): void;
  /** A file could not be written: from now on nobody tries. */
  failed(error: Error): void;
}

/** `directory` is latin1: one character is one byte. `onUnusable` is called at most once. */
export function createSpoolFolder(
  directory: string,
  onUnusable: (error: Error) => void,
): SpoolFolder {
  let serial = 0;
  let isUsable = true;
  const failed = (error: Error) => {
    if (isUsable) onUnusable(error);
    isUsable = false;
  };
  return {
    failed,
    createFile(receive) {
      if (!isUsable) {
        receive(undefined);
        return;
      }
      const name = `.body-${process.pid}-${Date.now()}-${serial++}`;
      const path = Buffer.from(join(directory, name), "latin1");
      open(path, "wx+", 0o600, (error, descriptor) => {
        if (error === null) {
          // Without a name it cannot be left behind, however the watchdog ends.
          unlink(path, () => {});
          receive(new SpoolFile(descriptor));
        } else {
          failed(error);
          receive(undefined);
        }
      });
    },
  };
}

/** How much of a file is read at once: what a pipe holds. */
const PIECE_BYTES = 64 * 1024;

/** A file without a name, written once and then read once. One operation at a time. */
export class SpoolFile {
  size = 0;
  #position = 0;
  readonly #descriptor: number;
  #isBusy = false;
  #isClosed = false;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** On failure `size` is as before, and what is behind it counts as not written. */
  append(chunks: readonly Uint8Array[], done: (error: Error | null) => void): void {
    const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    this.#isBusy = true;
    writev(this.#descriptor, chunks, this.size, (error, written) => {
      if (this.#settle()) return;
      const failure = error ?? (written === size ? null : new Error("no space left on device"));
      if (failure === null) this.size += size;
      done(failure);
    });
  }

  /** The next piece; an empty one is the end. */
  read(receive: (error: Error | null, piece: Uint8Array) => void): void {
    const wanted = Math.min(PIECE_BYTES, this.size - this.#position);
    const piece = Buffer.allocUnsafeSlow(wanted);
    if (wanted === 0) {
      receive(null, piece);
      return;
    }
    this.#isBusy = true;
    read(this.#descriptor, piece, 0, wanted, this.#position, (error, count) => {
      if (this.#settle()) return;
      this.#position += count;
      const failure = error ?? (count === 0 ? new Error("the file is shorter than it was") : null);
      receive(failure, piece.subarray(0, count));
    });
  }

  /** Callbacks that are due are not called any more. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!this.#isBusy) close(this.#descriptor);
  }

  /** Whether it was closed meanwhile. */
  #settle(): boolean {
    this.#isBusy = false;
    if (this.#isClosed) closeSync(this.#descriptor);
    return this.#isClosed;
  }
}
