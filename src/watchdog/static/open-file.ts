import { close, closeSync, fstatSync, read, type Stats } from "node:fs";

export interface FilePiece {
  /** Fewer than were asked for where the file ends earlier by now. */
  readonly bytes: Buffer;
  /** As they were behind the read, so that what was written meanwhile shows. */
  readonly stats: Stats;
}

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

  /** Not called any more once it is closed. */
  read(
    start: number,
    length: number,
    receive: (error: Error | null, read: FilePiece) => void,
  ): void {
    const memory = Buffer.allocUnsafeSlow(length);
    this.#isBusy = true;
    read(this.#descriptor, memory, 0, length, start, (error, count = 0) => {
      this.#isBusy = false;
      if (this.#isClosed) {
        closeSync(this.#descriptor);
        return;
      }
      const bytes = count === length ? memory : memory.subarray(0, count);
      const stats = this.#statsNow();
      if (stats instanceof Error) receive(error ?? stats, { bytes, stats: this.stats });
      else receive(error, { bytes, stats });
    });
  }

  #statsNow(): Stats | Error {
    try {
      return fstatSync(this.#descriptor);
    } catch (error) {
      return error as Error;
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!this.#isBusy) close(this.#descriptor);
  }
}
