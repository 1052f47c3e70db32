import type { Socket } from "node:net";
import { giveBack } from "../../core/give-back.ts";
import type { RunListener } from "../run.ts";
import { openPipe, type PipeHandle } from "./pipe-handle.ts";

/** The writing end of a process's stdin. What is written before the end itself has come waits here. */
export class InputPipe {
  readonly #listener: RunListener;
  #socket: Socket | undefined;
  #waiting: Uint8Array[] = [];
  #isComplete = false;
  #isOpen = true;

  constructor(listener: RunListener) {
    this.#listener = listener;
  }

  get isConnected(): boolean {
    return this.#socket !== undefined;
  }

  /** Takes what has waited, and says so to whoever was told to wait. */
  open(handle: PipeHandle): void {
    const socket = openPipe(handle, "writable");
    this.#socket = socket;
    socket.on("drain", () => this.#isOpen && this.#listener.onInputDrain());
    socket.on("error", () => this.#fail());
    const hadToWait = this.#waiting.length > 0;
    for (const chunk of this.#waiting) {
      writeTo(socket, chunk);
    }
    this.#waiting = [];
    if (this.#isComplete) {
      this.#finish(socket);
    } else if (hadToWait && this.#isOpen && !socket.writableNeedDrain) {
      this.#listener.onInputDrain();
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
    return writeTo(this.#socket, chunk);
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
    if (wasOpen) {
      this.#waiting = [];
    }
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
      this.#listener.onInputClosed();
    }
  }
}

const writeTo = (socket: Socket, chunk: Uint8Array): boolean =>
  socket.write(chunk, (error) => {
    // After an error the kernel may still be at it.
    if (error == null) {
      giveBack(chunk);
    }
  });
