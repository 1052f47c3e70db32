import type { Socket } from "node:net";
import { type DirectAnswer, toWire } from "./direct-answer.ts";
import type { BodyFailure } from "./exchange-listener.ts";

/** How long a client that still sends is given to read its answer: a socket closed on unread bytes takes the answer back. */
const LINGER_MS = 500;

/** An exchange, as its connection sees it. */
export interface Occupant {
  readonly request: { readonly complete: boolean };
  /** For how long, since it was asked last, a body was not taken from its client, who is not late by that. */
  takeHeldBackMs(): number;
  begin(): void;
  bodyFailed(failure: BodyFailure): void;
  halfClosed(): void;
  connectionLost(): void;
}

export interface ConnectionOptions {
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
  /** Nothing that comes from now on is served. */
  closing = false;
  readonly writeTimeoutMs: number;
  readonly #isDraining: () => boolean;
  #current: Occupant | undefined;
  readonly #waiting: Occupant[] = [];
  #isHalfClosed = false;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.socket = socket;
    this.writeTimeoutMs = options.writeTimeoutMs;
    this.#isDraining = options.isDraining;
    socket.on("close", () => this.#lost());
    // Behind node's own listener, which has told of a body that ended too early.
    socket.on("end", () => {
      this.#isHalfClosed = true;
      this.#current?.halfClosed();
    });
  }

  /** The answer that is sent now ends it. */
  get isLast(): boolean {
    return this.closing || this.#isDraining() || (this.#isHalfClosed && !this.#waiting.length);
  }

  /** Nothing is answered on it just now. */
  get isFree(): boolean {
    return this.#current === undefined && !this.closing;
  }

  enter(occupant: Occupant): void {
    if (this.#current !== undefined) {
      this.#waiting.push(occupant);
      // What is behind it stays in the kernel.
      this.socket.pause();
      return;
    }
    this.#current = occupant;
    occupant.begin();
  }

  /** The current exchange has its answer. */
  leave(): void {
    this.#current = undefined;
    if (this.closing) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    if (this.#waiting.length === 0) this.socket.resume();
    this.#current = next;
    // Not before what ends with the answer has ended: the place that the next one may need.
    process.nextTick(() => (this.closing ? this.socket.destroy() : next.begin()));
  }

  /** What came cannot be understood. An exchange that has its body gets its answer, which is then the last. */
  broken(answer: DirectAnswer, failure: BodyFailure): void {
    const current = this.#current;
    if (this.closing || (failure === "late" && this.#allowMore(answer, current))) return;
    this.closing = true;
    if (current === undefined) this.#sayLastWords(answer);
    else if (!current.request.complete) current.bodyFailed(failure);
  }

  #allowMore(answer: DirectAnswer, current: Occupant | undefined): boolean {
    const heldBackMs = current?.takeHeldBackMs() ?? 0;
    if (heldBackMs === 0) return false;
    const isStillIt = () => this.#current === current && current?.request.complete === false;
    setTimeout(() => isStillIt() && this.broken(answer, "late"), heldBackMs).unref();
    return true;
  }

  /** Closes behind the answer, but reads on for a while what the client still sends. */
  linger(): void {
    const { socket } = this;
    this.closing = true;
    socket.destroySoon = () => {
      socket.end();
      const timer = setTimeout(() => socket.destroy(), LINGER_MS);
      socket.once("close", () => clearTimeout(timer));
    };
  }

  #sayLastWords(answer: DirectAnswer): void {
    this.linger();
    this.socket.write(toWire(answer), "latin1");
    this.socket.destroySoon();
  }

  #lost(): void {
    this.closing = true;
    this.#waiting.length = 0;
    this.#current?.connectionLost();
  }
}
