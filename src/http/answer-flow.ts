import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { giveBack } from "../core/give-back.ts";
import { StallTimer } from "./stall-timer.ts";

export interface AnswerFlowListener {
  /** The client has taken what it was sent, and all chunks that were given have gone: there may be more. */
  onDrained(): void;
  /** All chunks of an answer that was there as a whole are on their way. */
  onAllSent(): void;
}

/** An answer that is more than a socket takes at once. */
export class AnswerFlow {
  readonly #response: ServerResponse;
  readonly #stall: StallTimer;
  readonly #listener: AnswerFlowListener;
  #chunks: readonly Uint8Array[] = [];
  #next = 0;
  #isFull = false;

  constructor(
    response: ServerResponse,
    socket: Socket,
    writeTimeoutMs: number,
    listener: AnswerFlowListener,
  ) {
    this.#response = response;
    this.#stall = new StallTimer(response, socket, writeTimeoutMs);
    this.#listener = listener;
  }

  /** The chunk is not the caller's any more. False: wait for `onDrained`. */
  write(chunk: Uint8Array): boolean {
    const isRoomLeft = this.#response.write(chunk, (error) => this.#written(chunk, error));
    if (!isRoomLeft) {
      this.#isFull = true;
      this.expectTaking();
    }
    return isRoomLeft;
  }

  /** Until nothing waits any more, the client has to take something every now and then. */
  expectTaking(): void {
    this.#stall.start();
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

  /** Told by node's `drain` it would not be where a CONNECT came behind its request. */
  #written(chunk: Uint8Array, error: Error | null | undefined): void {
    giveBack(chunk);
    if (error || !this.#isFull || this.#response.writableLength > 0) return;
    this.#isFull = false;
    this.#goOn();
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
