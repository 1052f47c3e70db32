import type { Readable } from "node:stream";

/** One output of a child. Read by hand: what is merely paused, Node lets loose by itself when the process exits. */
export class ChildOutput {
  isOpen = true;
  isPaused = false;
  readonly #stream: Readable;
  #onChunk: ((chunk: Buffer) => void) | undefined;

  constructor(stream: Readable, onChunk: (chunk: Buffer) => void, onClosed: () => void) {
    this.#stream = stream;
    this.#onChunk = onChunk;
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
    while (!this.isPaused) {
      const chunk: Buffer | null = this.#stream.read();
      if (chunk === null) {
        return;
      }
      this.#onChunk?.(chunk);
    }
  }
}
