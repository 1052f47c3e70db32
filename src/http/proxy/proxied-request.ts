import type { Socket } from "node:net";
import type { AnswerHead } from "./answer-head.ts";
import type { ProxyListener } from "./proxy-listener.ts";
import type { BodySink, BodySource } from "./request-body.ts";
import { isRepeatable, type OutgoingRequest, toLastChunk, toWire } from "./request-wire.ts";
import type { Asker, UpstreamConnection } from "./upstream-connection.ts";
import type { Connecting, UpstreamPool } from "./upstream-pool.ts";

/**
 * One request on its way to the upstream and back. It is sent again by itself once, where a connection that had been kept
 * turns out to be closed before a byte of an answer came, and only if that can do no harm.
 */
export class ProxiedRequest implements Asker, BodySink, Connecting {
  readonly #pool: UpstreamPool;
  readonly #request: OutgoingRequest;
  readonly #listener: ProxyListener;
  /** None behind the answer: by then it may be somebody else's. */
  #connection: UpstreamConnection | undefined;
  #source: BodySource | undefined;
  #isKeptConnection = false;
  #isBodySent = true;
  /** Something was written; a kept connection may end before. */
  #hasBegun = false;
  #onRecalled: (() => void) | undefined;
  #isOver = false;

  constructor(pool: UpstreamPool, request: OutgoingRequest, listener: ProxyListener) {
    this.#pool = pool;
    this.#request = request;
    this.#listener = listener;
  }

  send(): void {
    this.#sendOn(this.#pool.take());
  }

  onFree(connection: UpstreamConnection): void {
    // Nothing of what was written to it has gone.
    this.#connection?.close();
    this.#hasBegun = false;
    this.#sendOn(connection);
  }

  #sendOn(connection: UpstreamConnection): void {
    this.#connection = connection;
    this.#isKeptConnection = connection.isConnected;
    connection.ask(this.#request.method, this);
    if (!connection.isConnected) {
      this.#pool.connecting(this);
      connection.socket.once("connect", () => this.#pool.connected(this));
    }
    // What a kept connection has to say of its end, and has come by now, must be heard before something is sent that
    // cannot be sent again. A function that is asked again and again is not kept waiting for that.
    const mayHaveEnded = this.#isKeptConnection && this.#pool.mayHaveEnded(connection);
    if (mayHaveEnded && !isRepeatable(this.#request)) setImmediate(writeRequest, this);
    else this.writeRequest();
  }

  /** Nobody wants the answer any more: the connection is closed, so that the upstream can know it. */
  abort(): void {
    this.#isOver = true;
    this.#onRecalled?.();
    this.#pool.connected(this);
    this.#source?.stop();
    this.#connection?.close();
  }

  pause(): void {
    this.#connection?.socket.pause();
  }

  resume(): void {
    this.#connection?.socket.resume();
  }

  /** What is to come of an answer whose length was said, where somebody else can read it now; otherwise 0. */
  get bytesLeft(): number {
    return this.#isOver || !this.#isBodySent ? 0 : (this.#connection?.bytesLeft ?? 0);
  }

  /** Nothing is heard of the answer until `takeBack`. `onRecalled`: it will not be taken back. */
  lend(onRecalled: () => void): Socket {
    this.#onRecalled = onRecalled;
    return (this.#connection as UpstreamConnection).lend();
  }

  takeBack(bytes: number): void {
    this.#onRecalled = undefined;
    this.#connection?.takeBack(bytes);
  }

  writeRequest(): void {
    const connection = this.#connection;
    // Put off, it may have gone on another connection by now.
    if (connection === undefined || this.#isOver || this.#hasBegun) return;
    const { body } = this.#request;
    this.#hasBegun = true;
    connection.write(toWire(this.#request));
    if (body === undefined || Buffer.isBuffer(body)) return;
    this.#isBodySent = false;
    // What was taken of a body cannot be taken again, should nobody be there.
    if (connection.isConnected) this.#startBody(body);
    else connection.socket.once("connect", () => this.#startBody(body));
  }

  write(chunk: Uint8Array): boolean {
    const connection = this.#connection as UpstreamConnection;
    return this.#request.length === -1 ? connection.writeChunked(chunk) : connection.write(chunk);
  }

  end(trailers: readonly [string, string][]): void {
    this.#isBodySent = true;
    if (this.#request.length === -1) this.#connection?.write(toLastChunk(trailers));
  }

  fail(error: Error): void {
    this.#connection?.close();
    this.onBroken(error);
  }

  onDrain(): void {
    if (!this.#isBodySent) this.#source?.goOn();
  }

  onInformation(head: AnswerHead): void {
    if (!this.#isOver) this.#listener.onInformation(head);
  }

  onHead(head: AnswerHead): void {
    if (!this.#isOver) this.#listener.onHead(head);
  }

  onChunk(chunk: Buffer): void {
    if (!this.#isOver) this.#listener.onChunk(chunk);
  }

  onEnd(trailers: [string, string][]): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#source?.stop();
    const connection = this.#connection;
    this.#connection = undefined;
    // Paused by a client that was too slow for it.
    connection?.socket.resume();
    connection?.leave(this.#isBodySent);
    this.#listener.onEnd(trailers);
  }

  onUpgrade(head: AnswerHead, early: Buffer): void {
    if (this.#isOver || this.#connection === undefined) return;
    if (this.#request.upgrade === undefined) {
      this.fail(new Error("the upstream wants another protocol, which nobody asked for"));
      return;
    }
    this.#isOver = true;
    const socket = this.#connection.release();
    socket.pause();
    if (early.length > 0) socket.unshift(early);
    this.#listener.onUpgraded(head, socket);
  }

  onBroken(error: Error): void {
    if (this.#isOver) return;
    this.#onRecalled?.();
    this.#pool.connected(this);
    const { isConnected = false, isSilent = true } = this.#connection ?? {};
    const isSent = isConnected && this.#hasBegun;
    const canBeRepeated = isSilent && (isRepeatable(this.#request) || !this.#hasBegun);
    this.#connection = undefined;
    if (this.#isKeptConnection && canBeRepeated) {
      this.#isKeptConnection = false;
      this.#hasBegun = false;
      this.#connection = this.#pool.takeNew();
      this.#connection.ask(this.#request.method, this);
      this.writeRequest();
      return;
    }
    this.#isOver = true;
    this.#source?.stop();
    this.#listener.onFailed(error, isSent);
  }

  #startBody(body: BodySource): void {
    if (this.#isOver) return;
    this.#source = body;
    body.start(this);
  }
}

const writeRequest = (request: ProxiedRequest) => request.writeRequest();
