import type { IncomingMessage, ServerResponse } from "node:http";
import type { Chunks } from "../core/chunks.ts";
import type { Connection, Occupant } from "./connection.ts";
import type { BodyFailure, ExchangeListener } from "./exchange-listener.ts";
import type { RequestHead } from "./request-head.ts";

/** How much of a body that nobody wants is read, so that its connection can be kept. Go reads as much. */
const DISCARDED_BYTES = 256 * 1024;

/** One request, and the way of its answer to the client. */
export class Exchange implements Occupant {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly head: RequestHead;
  readonly startedAt: number = performance.now();
  /** Bytes of the answer's body so far. */
  bytesAnswered = 0;
  readonly #connection: Connection;
  readonly #mayHalfClose: boolean;
  #listener: ExchangeListener | undefined;
  #rest: readonly Uint8Array[] | undefined;
  #heldBackMs = 0;
  #heldBackSince: number | undefined;
  #isOver = false;
  #isWatched = false;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    head: RequestHead,
    connection: Connection,
  ) {
    this.request = request;
    this.response = response;
    this.head = head;
    this.#connection = connection;
    this.#mayHalfClose = !response.shouldKeepAlive || request.httpVersionMinor === 0;
  }

  /** Has the listener answer, when it is its turn. */
  take(listener: ExchangeListener): void {
    this.#listener = listener;
    this.#connection.enter(this);
  }

  /** The body is wanted now: a client that waits to be asked for it is asked. */
  wantBody(): void {
    if (this.head.expectsContinue) this.response.writeContinue();
  }

  /** The body is more than can be kept: it waits with the client. */
  holdBack(): void {
    this.#heldBackSince ??= performance.now();
    this.request.pause();
  }

  goOn(): void {
    this.#heldBackMs += this.#heldBackNowMs();
    this.#heldBackSince = undefined;
    this.request.resume();
  }

  takeHeldBackMs(): number {
    const heldBackMs = Math.ceil(this.#heldBackMs + this.#heldBackNowMs());
    this.#heldBackMs = 0;
    if (this.#heldBackSince !== undefined) this.#heldBackSince = performance.now();
    return heldBackMs;
  }

  /** The whole answer, whose length is known. `headers` is the receiver's to keep. */
  answer(status: number, headers: string[], body: string | Chunks): void {
    if (this.#isOver) return;
    const { request, response } = this;
    const length = typeof body === "string" ? body.length : body.size;
    headers.push("Content-Length", String(length));
    if (this.#connection.isLast || this.#leavesTooMuch()) {
      headers.push("Connection", "close");
      this.#connection.linger();
    } else if (request.httpVersionMinor === 0 && response.shouldKeepAlive) {
      headers.push("Connection", "keep-alive");
    }
    response.writeHead(status, headers);
    this.bytesAnswered = length;
    if (typeof body === "string") this.#end(body);
    else this.#sendChunks(body.toArray());
  }

  /** The beginning of an answer whose length is not known. */
  writeHead(status: number, headers: string[]): void {
    if (this.#isOver) return;
    if (this.#connection.isLast) headers.push("Connection", "close");
    this.response.writeHead(status, headers);
  }

  /** Sends at once. False: wait for `onWritable`. */
  write(chunk: Uint8Array): boolean {
    if (this.#isOver) return true;
    this.bytesAnswered += chunk.length;
    return this.#write(chunk);
  }

  /** Behind `writeHead`. */
  end(): void {
    if (this.#isOver) return;
    if (!this.request.complete) {
      this.#connection.linger();
      this.response.once("finish", () => this.#connection.socket.destroySoon());
    }
    this.#end(undefined);
  }

  /**
   * Cuts the connection, so that what was sent cannot look complete, even where nothing but its end would mark an end. The
   * listener is not called any more.
   */
  cut(): void {
    this.#isOver = true;
    this.#connection.socket.resetAndDestroy();
  }

  /** The client counts as gone. The listener is not called any more. */
  abandon(): void {
    this.#isOver = true;
    this.#connection.socket.destroy();
  }

  begin(): void {
    this.#listener?.onTurn();
  }

  bodyFailed(failure: BodyFailure): void {
    if (!this.#isOver) this.#listener?.onBodyFailed(failure);
  }

  halfClosed(): void {
    // A body that it cuts off was told of already.
    if (this.#isOver || !this.request.complete) return;
    this.response.shouldKeepAlive = false;
    if (!this.#mayHalfClose) this.#listener?.onHalfClosed();
  }

  connectionLost(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener?.onClientLeft();
  }

  #heldBackNowMs(): number {
    return this.#heldBackSince === undefined ? 0 : performance.now() - this.#heldBackSince;
  }

  #leavesTooMuch(): boolean {
    const { bodyLength } = this.head;
    return !this.request.complete && (bodyLength < 0 || bodyLength > DISCARDED_BYTES);
  }

  #write(chunk: Uint8Array): boolean {
    const goesOn = this.response.write(chunk);
    if (!goesOn) this.#watch();
    return goesOn;
  }

  #sendChunks(chunks: readonly Uint8Array[]): void {
    const last = chunks.length - 1;
    for (let index = 0; index < last; index++) {
      if (this.#write(chunks[index] as Uint8Array)) continue;
      this.#rest = chunks.slice(index + 1);
      return;
    }
    this.#end(chunks[last]);
  }

  #drained(): void {
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) this.#sendChunks(rest);
    else if (!this.response.writableEnded) this.#listener?.onWritable();
  }

  #end(body: string | Uint8Array | undefined): void {
    const { request, response } = this;
    if (typeof body === "string") response.end(body, "latin1");
    else response.end(body);
    if (!request.complete) {
      request.removeAllListeners("data");
      request.resume();
    }
    // A small answer is with the kernel already, and nobody has to be waited for.
    if (response.writableLength === 0) {
      this.#sent();
    } else {
      this.#watch();
      response.once("finish", () => this.#sent());
    }
  }

  #sent(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener?.onAnswerSent();
    this.#connection.leave();
  }

  /** From now on the client has to take something every now and then. */
  #watch(): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    const { response } = this;
    const { socket, writeTimeoutMs } = this.#connection;
    response.on("drain", () => this.#drained());
    if (writeTimeoutMs === 0) return;
    socket.setTimeout(writeTimeoutMs);
    response.on("timeout", () => {
      // Where nothing waits to be sent it is the function that is quiet, and that is its deadline's business.
      if (response.writableLength === 0) socket.setTimeout(writeTimeoutMs);
      else socket.resetAndDestroy();
    });
  }
}
