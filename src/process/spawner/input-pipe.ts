import type { Socket } from "node:net";
import { openPipe, type PipeHandle } from "./pipe-handle.ts";

/** The writing end of a process's stdin. What is written before the end itself has come waits here. */
export class InputPipe {
  readonly #onDrain: () => void;
  readonly #onClosed: () => void;
  #socket: Socket | undefined;
  #waiting: Uint8Array[] = [];
  #isComplete = false;
  #isOpen = true;

  /** `onClosed`: nobody reads what is written any more. */
  constructor(onDrain: () => void, onClosed: () => void) {
    this.#onDrain = onDrain;
    this.#onClosed = onClosed;
  }

  /** Takes what has waited, and says so to whoever was told to wait. */
  open(handle: PipeHandle): void {
    const socket = openPipe(handle, "writable");
    this.#socket = socket;
    socket.on("drain", () => this.#isOpen && this.#onDrain());
    socket.once("error", () => this.#fail());
    const hadToWait = this.#waiting.length > 0;
    for (const chunk of this.#waiting) {
      socket.write(chunk);
    }
    this.#waiting = [];
    if (this.#isComplete) {
      this.#finish(socket);
    } else if (hadToWait && !socket.writableNeedDrain) {
      this.#onDrain();
    }
  }

  write(chunk: Uint8Array): boolean {
    if (!this.#isOpen) {
      return true;
    }
    if (this.#socket === undefined) {
      this.#waiting.push(chunk);
      return false;
    }
    return this.#socket.write(chunk);
  }

  end(): void {
    if (this.#isOpen) {
      this.#isOpen = false;
      this.#isComplete = true;
      if (this.#socket !== undefined) {
        this.#finish(this.#socket);
      }
    }
  }

  /**
   * Takes nothing more, and lets no end be seen: an invocation that was given up must not look like one whose input is
   * complete. True: somebody may still want to write.
   */
  abandon(): boolean {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    return wasOpen;
  }

  close(): void {
    this.#isOpen = false;
    this.#waiting = [];
    this.#socket?.destroy();
  }

  #finish(socket: Socket): void {
    // A pipe has no half to shut down: its end is seen once the last of its writers is closed.
    socket.end(() => socket.destroy());
  }

  #fail(): void {
    if (this.abandon()) {
      this.#onClosed();
    }
  }
}
