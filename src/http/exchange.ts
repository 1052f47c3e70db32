import type { IncomingMessage, ServerResponse } from "node:http";
import type { Chunks } from "../core/chunks.ts";
import { AnswerFlow } from "./answer-flow.ts";
import type { Connection } from "./connection.ts";
import type { BodyFailure, ExchangeListener } from "./exchange-listener.ts";
import { HeldBack } from "./held-back.ts";
import type { Occupant } from "./occupant.ts";
import type { RequestHead } from "./request-head.ts";
import { askForBody, leavesTooMuch } from "./unread-body.ts";

/** One request, and the way of its answer to the client. */
export class Exchange implements Occupant {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly head: RequestHead;
  /** When it was its turn and its headers were here, by `performance.now()`. */
  startedAt = 0;
  /** Bytes of the answer's body so far. */
  bytesAnswered = 0;
  readonly #connection: Connection;
  readonly #handle: (exchange: Exchange) => void;
  #listener: ExchangeListener | undefined;
  #flow: AnswerFlow | undefined;
  #heldBack: HeldBack | undefined;
  #bodyFailure: BodyFailure | undefined;
  #isOver = false;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    head: RequestHead,
    connection: Connection,
    handle: (exchange: Exchange) => void,
  ) {
    this.request = request;
    this.response = response;
    this.head = head;
    this.#connection = connection;
    this.#handle = handle;
  }

  /** Has the listener answer, and be told what becomes of the client. */
  take(listener: ExchangeListener): void {
    this.#listener = listener;
    listener.onTurn();
  }

  /** The body is not wanted yet, and its client not late meanwhile. What has come of it stays where it is. */
  postponeBody(): void {
    this.#heldBack ??= new HeldBack();
    this.#heldBack.begin();
  }

  /** The body is wanted now: a client that waits to be asked for it is asked. */
  wantBody(): void {
    this.#heldBack?.end();
    if (this.head.expectsContinue) askForBody(this.response);
  }

  /** The body is more than can be kept: it waits with the client. */
  holdBack(): void {
    this.postponeBody();
    this.request.pause();
  }

  goOn(): void {
    this.#heldBack?.end();
    this.request.resume();
  }

  takeHeldBackMs(): number {
    return this.#heldBack?.take() ?? 0;
  }

  /** The whole answer, whose length is known. `headers` is the receiver's to keep, and all of `body` is taken. */
  answer(status: number, headers: string[], body: string | Chunks): void {
    if (this.#isOver) return;
    const { request, response } = this;
    const length = typeof body === "string" ? body.length : body.size;
    headers.push("Content-Length", String(length));
    if (this.#connection.isLast || leavesTooMuch(this.request, this.head)) {
      headers.push("Connection", "close");
      this.#connection.linger();
    } else if (request.httpVersionMinor === 0 && response.shouldKeepAlive) {
      headers.push("Connection", "keep-alive");
    }
    response.writeHead(status, headers);
    this.bytesAnswered = length;
    if (typeof body === "string") {
      this.#end(body);
    } else {
      const chunks = body.take();
      if (chunks.length > 1) this.#startFlow().send(chunks);
      else this.#end(chunks[0]);
    }
  }

  /** The beginning of an answer whose length is not known. */
  writeHead(status: number, headers: string[]): void {
    if (this.#isOver) return;
    if (this.#connection.isLast) headers.push("Connection", "close");
    this.response.writeHead(status, headers);
  }

  /** Sends at once; the chunk is not the caller's any more. False: wait for `onWritable`. */
  write(chunk: Uint8Array): boolean {
    if (this.#isOver) return true;
    this.bytesAnswered += chunk.length;
    return this.#startFlow().write(chunk);
  }

  /** Behind `writeHead`. */
  end(): void {
    if (this.#isOver) return;
    if (this.#connection.isLast || leavesTooMuch(this.request, this.head)) {
      this.#connection.linger();
      this.response.once("finish", () => this.#connection.socket.destroySoon());
    }
    this.#end(undefined);
  }

  /** An answer that has begun ends here, and must not look complete. The listener is not called any more. */
  cut(): void {
    this.#isOver = true;
    if (this.response.writableEnded) return;
    this.#startFlow().expectTaking();
    this.#connection.cut(this.response);
  }

  /** The client counts as gone. The listener is not called any more. */
  abandon(): void {
    this.#isOver = true;
    this.#connection.socket.destroy();
  }

  get seconds(): number {
    return (performance.now() - this.startedAt) / 1000;
  }

  get isReceived(): boolean {
    return this.request.complete;
  }

  get mayHalfClose(): boolean {
    // A body that it cuts off was told of already.
    return !this.isReceived || !this.response.shouldKeepAlive || this.request.httpVersionMinor < 1;
  }

  begin(): void {
    this.startedAt = performance.now();
    this.#handle(this);
    if (this.#bodyFailure !== undefined) this.bodyFailed(this.#bodyFailure);
  }

  bodyFailed(failure: BodyFailure): void {
    this.#bodyFailure = failure;
    if (!this.#isOver) this.#listener?.onBodyFailed(failure);
  }

  halfClosed(): void {
    if (!this.#isOver) this.#listener?.onHalfClosed();
  }

  connectionLost(): void {
    this.#flow?.discard();
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener?.onClientLeft();
  }

  #startFlow(): AnswerFlow {
    const { socket, writeTimeoutMs } = this.#connection;
    this.#flow ??= new AnswerFlow(this.response, socket, writeTimeoutMs, {
      onDrained: () => this.#isOver || this.#listener?.onWritable(),
      onAllSent: () => this.#isOver || this.#end(undefined),
    });
    return this.#flow;
  }

  #end(body: string | Uint8Array | undefined): void {
    const { request, response } = this;
    response.end(body, "latin1");
    if (!request.complete) request.removeAllListeners("data").resume();
    if (this.#connection.socket.destroyed) return;
    // A small answer is with the kernel already, and nobody has to be waited for.
    if (response.writableLength === 0) {
      this.#sent();
    } else {
      this.#startFlow().expectTaking();
      response.once("finish", () => this.#sent());
    }
  }

  #sent(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener?.onAnswerSent();
    this.#connection.leave();
  }
}
