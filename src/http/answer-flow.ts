import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { giveBack } from "../core/give-back.ts";

export interface AnswerFlowListener {
  /** The client has taken what it was sent, and all chunks that were given have gone: there may be more. */
  onDrained(): void;
  /** All chunks of an answer that was there as a whole are on their way. */
  onAllSent(): void;
}

/** An answer that is more than a socket takes at once. */
export class AnswerFlow {
  readonly #response: ServerResponse;
  readonly #listener: AnswerFlowListener;
  #chunks: readonly Uint8Array[] = [];
  #next = 0;

  /** From now on the client has to take something every now and then; 0: it need not. */
  constructor(
    response: ServerResponse,
    socket: Socket,
    writeTimeoutMs: number,
    listener: AnswerFlowListener,
  ) {
    this.#response = response;
    this.#listener = listener;
    response.on("drain", () => this.#goOn());
    if (writeTimeoutMs > 0) resetOnStall(response, socket, writeTimeoutMs);
  }

  /** The chunk is not the caller's any more. False: wait for `onDrained`. */
  write(chunk: Uint8Array): boolean {
    return this.#response.write(chunk, () => giveBack(chunk));
  }

  /** All that is to be sent. */
  send(chunks: readonly Uint8Array[]): void {
    this.#chunks = chunks;
    this.#goOn();
  }

  /** The client has left: what it was not sent yet can go. */
  discard(): void {
    this.#chunks.slice(this.#next).forEach(giveBack);
    this.#chunks = [];
  }

  #goOn(): void {
    while (this.#next < this.#chunks.length) {
      const isTaken = this.write(this.#chunks[this.#next++] as Uint8Array);
      if (this.#next === this.#chunks.length) this.#listener.onAllSent();
      else if (!isTaken) return;
    }
    if (!this.#response.writableEnded) this.#listener.onDrained();
  }
}

/** Resets the connection of a client that takes nothing of its answer for as long as this. */
function resetOnStall(response: ServerResponse, socket: Socket, timeoutMs: number): void {
  socket.setTimeout(timeoutMs);
  response.on("timeout", () => {
    // Where nothing waits to be sent it is the function that is quiet, and that is its deadline's business.
    if (response.writableLength === 0) socket.setTimeout(timeoutMs);
    else socket.resetAndDestroy();
  });
}
