import type { Socket } from "node:net";
import { openPipe, type PipeHandle } from "./pipe-handle.ts";

/** What is still read and thrown away for a process that says goodbye; one that says more is left waiting for its KILL. */
const DISCARD_LIMIT_BYTES = 1024 * 1024;

/** The reading end of a process's stdout, from where its frames stopped. */
export class OutputPipe {
  readonly #socket: Socket;
  #discarded = 0;

  constructor(handle: PipeHandle, onChunk: (chunk: Buffer) => void, onEnd: () => void) {
    this.#socket = openPipe(handle, "readable");
    this.#socket.on("data", onChunk);
    this.#socket.on("error", () => {});
    this.#socket.once("close", onEnd);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  discard(): void {
    this.#socket.removeAllListeners("data");
    this.#socket.on("data", (chunk: Buffer) => {
      this.#discarded += chunk.length;
      if (this.#discarded > DISCARD_LIMIT_BYTES) {
        this.#socket.pause();
      }
    });
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }
}
