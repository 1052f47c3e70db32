import { OutputPipe } from "./output-pipe.ts";
import type { PipeHandle } from "./pipe-handle.ts";

/**
 * A run's stdout: first in frames, and where there is more than they may carry, the rest through a pipe. Its end comes over
 * another channel, so before or after the frame that announces it.
 */
export class RunOutput {
  readonly #onChunk: (chunk: Buffer) => void;
  /** The pipe has ended, or was closed. */
  readonly #onPipeEnd: () => void;
  /** What came in frames while the receiver was paused. */
  #waiting: Buffer[] | undefined;
  #isPassed = false;
  #handle: PipeHandle | undefined;
  #pipe: OutputPipe | undefined;
  #hasEnded = false;
  #isDiscarded = false;
  isPaused = false;

  constructor(onChunk: (chunk: Buffer) => void, onPipeEnd: () => void) {
    this.#onChunk = onChunk;
    this.#onPipeEnd = onPipeEnd;
  }

  /** All that will ever come in frames has come, if the process has ended; all that comes through the pipe was passed on. */
  get isComplete(): boolean {
    return this.#waiting === undefined && (!this.#isPassed || this.#hasEnded);
  }

  /** Whatever comes after a process's end can only come from here: no frame is missing, nor the pipe. */
  get isAtHand(): boolean {
    return !this.#isPassed || this.#pipe !== undefined || this.#handle !== undefined;
  }

  receive(chunk: Buffer): void {
    if (this.#isDiscarded) {
      return;
    }
    if (!this.isPaused) {
      this.#onChunk(chunk);
    } else if (this.#waiting === undefined) {
      this.#waiting = [chunk];
    } else {
      this.#waiting.push(chunk);
    }
  }

  /** The frame has come that says: the rest comes through a pipe. */
  announcePipe(): void {
    this.#isPassed = true;
    this.#openPipe();
  }

  receivePipe(handle: PipeHandle): void {
    this.#handle = handle;
    this.#openPipe();
  }

  pause(): void {
    if (!this.#isDiscarded) {
      this.isPaused = true;
      this.#pipe?.pause();
    }
  }

  resume(): void {
    this.isPaused = false;
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const chunk of waiting) {
      this.receive(chunk);
    }
    if (!this.isPaused) {
      this.#pipe?.resume();
      this.#openPipe();
    }
  }

  /** Still reads, so that a process which says goodbye does not die of SIGPIPE, and passes nothing on. */
  discard(): void {
    this.#isDiscarded = true;
    this.isPaused = false;
    this.#waiting = undefined;
    this.#pipe?.discard();
    this.#openPipe();
  }

  close(): void {
    this.#pipe?.close();
    this.#handle?.close();
  }

  /** Once frame and handle are both there, and what came before was passed on. */
  #openPipe(): void {
    if (this.#handle === undefined || !this.#isPassed || this.isPaused) {
      return;
    }
    this.#pipe = new OutputPipe(
      this.#handle,
      (chunk) => this.receive(chunk),
      () => {
        this.#hasEnded = true;
        this.#onPipeEnd();
      },
    );
    this.#handle = undefined;
    if (this.#isDiscarded) {
      this.#pipe.discard();
    }
  }
}
