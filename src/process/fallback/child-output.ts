import type { Readable } from "node:stream";

/** Once all that is in pipes by now was read: a loop's turn asks each pipe once, and this one may have asked some already. */
export const whenPipesAreRead = (callback: () => void): void => {
  setImmediate(() => setImmediate(callback));
};

/** One output of a child. Read by hand: what is merely paused, Node lets loose by itself when the process exits. */
export class ChildOutput {
  isOpen = true;
  isPaused = false;
  readonly #stream: Readable;
  #onChunk: ((chunk: Buffer) => void) | undefined;
  #startsLate: boolean;
  #isWaiting = false;

  /** `startsLate`: what was written to other pipes before its first byte is passed on before it. */
  constructor(
    stream: Readable,
    onChunk: (chunk: Buffer) => void,
    onClosed: () => void,
    startsLate = false,
  ) {
    this.#stream = stream;
    this.#onChunk = onChunk;
    this.#startsLate = startsLate;
    stream.on("readable", () => this.#passOn());
    stream.on("error", () => {});
    stream.once("close", () => {
      this.isOpen = false;
      onClosed();
    });
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.#passOn();
  }

  /** Still reads, so that the writer meets no SIGPIPE, and passes nothing on. */
  discard(): void {
    this.#onChunk = undefined;
    this.resume();
  }

  close(): void {
    this.#stream.destroy();
  }

  #passOn(): void {
    if (this.#startsLate) {
      this.#startsLate = false;
      this.#isWaiting = true;
      whenPipesAreRead(() => {
        this.#isWaiting = false;
        this.#passOn();
      });
    }
    while (!this.isPaused && !this.#isWaiting) {
      const chunk: Buffer | null = this.#stream.read();
      if (chunk === null) {
        return;
      }
      this.#onChunk?.(chunk);
    }
  }
}
