import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type DirectAnswer, toWire } from "./direct-answer.ts";
import type { BodyFailure } from "./exchange-listener.ts";
import { inTurn, type Occupant } from "./occupant.ts";

/** How long a client that still sends is given to read its answer: a socket closed on unread bytes takes the answer back. */
const LINGER_MS = 500;

/** How long the network is given to deliver what the kernel has taken: a reset throws away what is still on its way. */
const DELIVERY_MS = 100;

export interface ConnectionOptions {
  /** For head and body of a request together, and between two requests; 0 is no limit. */
  readonly readTimeoutMs: number;
  /** How long a client may take nothing of what it is sent; 0 is no limit. */
  readonly writeTimeoutMs: number;
  readonly isDraining: () => boolean;
}

/**
 * What the exchanges on one connection share. They take their turns: a client that sends requests without waiting for
 * answers gets them served one by one, as in Go.
 */
export class Connection {
  readonly socket: Socket;
  /** Nothing that comes from now on is served. What came before still has its turn. */
  closing = false;
  /** Of the request that came last, by node. */
  response: ServerResponse | undefined;
  readonly #options: ConnectionOptions;
  #current: Occupant | undefined;
  readonly #waiting: Occupant[] = [];
  #isHalfClosed = false;
  /** How many requests have come, by their heads. */
  #heads = 0;
  /** When the last turn ended. */
  #freeSince = Number.NEGATIVE_INFINITY;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.socket = socket;
    this.#options = options;
    socket.on("close", () => this.#lost());
    // Behind node's own listener, which has told of a body that ended too early.
    socket.on("end", () => {
      this.#isHalfClosed = true;
      if (this.#last?.mayHalfClose === false) this.#current?.halfClosed();
    });
  }

  get writeTimeoutMs(): number {
    return this.#options.writeTimeoutMs;
  }

  /** The answer that is sent now ends it. */
  get isLast(): boolean {
    if (this.#options.isDraining()) return true;
    return (this.closing || this.#isHalfClosed) && this.#waiting.length === 0;
  }

  /** Nothing is answered on it just now. Node lets go of an answer a moment after all of it was sent. */
  get isFree(): boolean {
    return this.#current === undefined && !this.closing && !this.response?.socket;
  }

  /** Begins at once, or when all that came before is answered. */
  enter(occupant: Occupant): void {
    this.#heads++;
    if (this.#current !== undefined) {
      this.#waiting.push(occupant);
      // What is behind it stays in the kernel.
      this.socket.pause();
      return;
    }
    this.#current = occupant;
    occupant.begin();
  }

  /** The current turn is over. */
  leave(): void {
    this.#freeSince = performance.now();
    const next = this.#waiting.shift();
    this.#current = next;
    if (next === undefined) return;
    if (this.#waiting.length === 0) this.socket.resume();
    // Not before what ends with the answer has ended: the place that the next one may need.
    process.nextTick(() => this.#current === next && next.begin());
  }

  /** Node says it once of a request, and does not know who waits for whom. */
  late(answer: DirectAnswer): void {
    if (this.closing) return;
    const moreMs = this.#patienceMs();
    const request = this.#receiving;
    if (moreMs > 0) {
      setTimeout(() => this.#receiving === request && this.late(answer), moreMs).unref();
    } else if (this.socket.bytesRead === 0) {
      // Who has not asked anything would take an answer for that of its first request.
      this.socket.destroy();
    } else {
      this.broken(answer, "late");
    }
  }

  /** What comes cannot be understood: of whatever it is a part of, or by itself, it is the last that is answered. */
  broken(answer: DirectAnswer, failure: BodyFailure): void {
    if (this.closing) return;
    this.closing = true;
    const last = this.#last;
    if (last !== undefined && !last.isReceived) last.bodyFailed(failure);
    else this.#sayLastWords(answer);
  }

  /** The answer that is sent now is the last. Closes behind it, but reads on for a while what the client still sends. */
  linger(): void {
    const { socket } = this;
    this.#serveNoMore();
    socket.destroySoon = () => {
      socket.end();
      const timer = setTimeout(() => socket.destroy(), LINGER_MS);
      socket.once("close", () => clearTimeout(timer));
    };
  }

  /**
   * Resets the connection behind what was written: the client gets all of it, and cannot take it for a whole, even where
   * nothing but the end would mark an end.
   */
  cut(response: ServerResponse): void {
    const { socket } = this;
    this.#serveNoMore();
    response.write("", () => setTimeout(() => socket.resetAndDestroy(), DELIVERY_MS).unref());
  }

  #serveNoMore(): void {
    this.closing = true;
    if (this.#waiting.length > 0) this.socket.resume();
    this.#waiting.length = 0;
  }

  get #last(): Occupant | undefined {
    return this.#waiting.at(-1) ?? this.#current;
  }

  /** The number of the request that comes, or would. */
  get #receiving(): number {
    return this.#last?.isReceived === false ? this.#heads : this.#heads + 1;
  }

  /** How much longer a client may be late by the time that it had to wait: for answers to others, or for its body to be taken. */
  #patienceMs(): number {
    const { readTimeoutMs } = this.#options;
    if (this.#current?.isReceived) return readTimeoutMs;
    const leftMs = this.#freeSince + readTimeoutMs - performance.now();
    return leftMs > 0 ? leftMs : (this.#current?.takeHeldBackMs() ?? 0);
  }

  #sayLastWords(answer: DirectAnswer): void {
    const { socket } = this;
    // Node would close behind the last answer that it knows of.
    socket.destroySoon = () => {};
    const lastWords = inTurn(() => {
      this.linger();
      socket.write(toWire(answer), "latin1");
      socket.destroySoon();
    });
    this.enter(lastWords);
  }

  #lost(): void {
    const current = this.#current;
    this.closing = true;
    this.#current = undefined;
    this.#waiting.length = 0;
    current?.connectionLost();
  }
}
