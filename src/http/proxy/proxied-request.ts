import type { Socket } from "node:net";
import { giveBack } from "../../core/give-back.ts";
import type { AnswerHead } from "./answer-head.ts";
import type { BodySink, BodySource } from "./request-body.ts";
import { type OutgoingRequest, toWire } from "./request-wire.ts";
import type { Asker, UpstreamConnection } from "./upstream-connection.ts";
import type { Connecting, UpstreamPool } from "./upstream-pool.ts";

/** Called in this order: heads of answers to come (1xx), then a head, chunks, and the end; or else an upgrade. A failure ends it. */
export interface ProxyListener {
  onInformation(head: AnswerHead): void;
  onHead(head: AnswerHead): void;
  onChunk(chunk: Buffer): void;
  onEnd(trailers: [string, string][]): void;
  /** The upstream has agreed; what comes now is another protocol. */
  onUpgraded(head: AnswerHead, upstream: Socket): void;
  /** Nothing was written: `isSent` is false, and the request can be made again as if it never was. */
  onFailed(error: Error, isSent: boolean): void;
}

/** Sent twice they do what they do sent once (RFC 9110 9.2.2), and Go's client takes the same for granted. */
const REPEATABLE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * One request on its way to the upstream and back. It is sent again by itself once, where a connection that had been kept
 * turns out to be closed before a byte of an answer came, and only if that can do no harm.
 */
export class ProxiedRequest implements Asker, BodySink, Connecting {
  readonly #pool: UpstreamPool;
  readonly #request: OutgoingRequest;
  readonly #listener: ProxyListener;
  #connection: UpstreamConnection | undefined;
  #source: BodySource | undefined;
  #isKeptConnection = false;
  #isBodySent = true;
  /** Something was written; a kept connection may end before. */
  #hasBegun = false;
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
    if (!connection.isConnected) this.#awaitConnection(connection);
    // What a kept connection has to say of its end, and has come by now, must be heard before something is sent that
    // cannot be sent again.
    if (this.#isKeptConnection && !this.#isRepeatable) setImmediate(writeRequest, this);
    else this.writeRequest();
  }

  /** Nobody wants the answer any more: the connection is closed, so that the upstream can know it. */
  abort(): void {
    this.#isOver = true;
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

  writeRequest(): void {
    const connection = this.#connection;
    // Put off, it may have gone on another connection by now.
    if (connection === undefined || this.#isOver || this.#hasBegun) return;
    const { body } = this.#request;
    this.#hasBegun = true;
    connection.socket.write(toWire(this.#request), "latin1");
    if (body === undefined || Buffer.isBuffer(body)) return;
    this.#isBodySent = false;
    // What was taken of a body cannot be taken again, should nobody be there.
    if (connection.isConnected) this.#startBody(body);
    else connection.socket.once("connect", () => this.#startBody(body));
  }

  write(chunk: Uint8Array): boolean {
    const { socket } = this.#connection as UpstreamConnection;
    if (this.#request.length !== -1) return socket.write(chunk, () => giveBack(chunk));
    socket.cork();
    socket.write(`${chunk.length.toString(16)}\r\n`, "latin1");
    socket.write(chunk, () => giveBack(chunk));
    const isTaken = socket.write("\r\n", "latin1");
    socket.uncork();
    return isTaken;
  }

  end(trailers: readonly [string, string][]): void {
    this.#isBodySent = true;
    if (this.#request.length !== -1) return;
    const lines = trailers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    this.#connection?.socket.write(`0\r\n${lines}\r\n`, "latin1");
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
    // Paused by a client that was too slow for it.
    this.#connection?.socket.resume();
    this.#connection?.leave(this.#isBodySent);
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
    this.#pool.connected(this);
    const { isConnected = false, isSilent = true } = this.#connection ?? {};
    const isSent = isConnected && this.#hasBegun;
    const canBeRepeated = isSilent && (this.#isRepeatable || !this.#hasBegun);
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

  #awaitConnection({ socket }: UpstreamConnection): void {
    this.#pool.connecting(this);
    socket.once("connect", () => this.#pool.connected(this));
  }

  #startBody(body: BodySource): void {
    if (this.#isOver) return;
    this.#source = body;
    body.start(this);
  }

  get #isRepeatable(): boolean {
    const { method, upgrade, body } = this.#request;
    const isWhole = body === undefined || Buffer.isBuffer(body);
    return isWhole && upgrade === undefined && REPEATABLE.has(method);
  }
}

const writeRequest = (request: ProxiedRequest) => request.writeRequest();
