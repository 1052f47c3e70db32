import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { giveBack } from "../core/give-back.ts";

export interface AnswerFlowListener {
  /** The client has taken what it was sent, and all chunks that were given have gone: there may be more. */
  onDrained(): void;
  /** All chunks but the last have gone. */
  onLast(chunk: Uint8Array | undefined): void;
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

  send(chunks: readonly Uint8Array[]): void {
    this.#chunks = chunks;
    this.#goOn();
  }

  #goOn(): void {
    const last = this.#chunks.length - 1;
    while (this.#next < last) {
      if (!this.write(this.#chunks[this.#next++] as Uint8Array)) return;
    }
    if (this.#next++ === last) this.#listener.onLast(this.#chunks[last]);
    else if (!this.#response.writableEnded) this.#listener.onDrained();
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
