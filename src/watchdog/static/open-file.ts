import { close, closeSync, fstatSync, read, type Stats } from "node:fs";

/** A file that is read piece by piece. One read at a time. */
export class OpenFile {
  /** As they were when it was opened. */
  readonly stats: Stats;
  readonly #descriptor: number;
  #isBusy = false;
  #isClosed = false;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.stats = fstatSync(descriptor);
  }

  /** The piece is shorter where the file ends earlier by now. Not called any more once it is closed. */
  read(start: number, length: number, receive: (error: Error | null, piece: Buffer) => void): void {
    const piece = Buffer.allocUnsafeSlow(length);
    this.#isBusy = true;
    read(this.#descriptor, piece, 0, length, start, (error, count) => {
      this.#isBusy = false;
      if (this.#isClosed) closeSync(this.#descriptor);
      else receive(error, count === length ? piece : piece.subarray(0, count ?? 0));
    });
  }

  statsNow(): Stats {
    return fstatSync(this.#descriptor);
  }

  /** What has been read belongs together: nothing was written to it since it was opened, but perhaps behind its end. */
  isIntact(): boolean {
    const { size, mtimeMs } = this.statsNow();
    return size > this.stats.size || (size === this.stats.size && mtimeMs === this.stats.mtimeMs);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!this.#isBusy) close(this.#descriptor);
  }
}
