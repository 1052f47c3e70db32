import type { Exchange } from "../../http/exchange.ts";
import type { AnswerHead } from "../../http/proxy/answer-head.ts";
import type { ProxiedRequest } from "../../http/proxy/proxied-request.ts";
import type { SpliceSockets } from "../../process/splice.ts";
import type { InvocationContext } from "../invocation-context.ts";

/** Handing two sockets over takes about as long as to read and write so much. */
const WORTHWHILE_BYTES = 4 * 1024 * 1024;

/** The rest of a long answer goes past Node, where that can be had, as long as it flows. */
export class AnswerSplice {
  readonly #spliceSockets: SpliceSockets;
  readonly #exchange: Exchange;
  readonly #onRest: (rest: Buffer) => void;
  #isPlanned = false;
  #isWorthwhile = true;

  /** `onRest`: what was taken from the upstream, and has to be written. */
  private constructor(
    spliceSockets: SpliceSockets,
    exchange: Exchange,
    onRest: (rest: Buffer) => void,
  ) {
    this.#spliceSockets = spliceSockets;
    this.#exchange = exchange;
    this.#onRest = onRest;
  }

  /** `undefined`: not of an answer that is as short as most are, or whose length nobody knows. */
  static of(
    { length = 0 }: AnswerHead,
    { processes }: InvocationContext,
    exchange: Exchange,
    onRest: (rest: Buffer) => void,
  ): AnswerSplice | undefined {
    const { splice } = processes;
    if (splice === undefined || length < WORTHWHILE_BYTES) return undefined;
    return new AnswerSplice(splice, exchange, onRest);
  }

  /** A chunk was written. Not before the kernel has it can what is behind it go another way. */
  plan(proxied: ProxiedRequest | undefined): void {
    if (this.#isPlanned || !this.#isWorthwhile || proxied === undefined) return;
    if (proxied.bytesLeft < WORTHWHILE_BYTES) return;
    this.#isPlanned = true;
    setImmediate(() => this.#begin(proxied));
  }

  #begin(proxied: ProxiedRequest): void {
    this.#isPlanned = false;
    const { request, response } = this.#exchange;
    const { bytesLeft } = proxied;
    const isAllWritten = request.socket.writableLength === 0 && response.writableLength === 0;
    if (!isAllWritten || bytesLeft < WORTHWHILE_BYTES) return;
    const upstream = proxied.lend(() => splice.stop());
    const splice = this.#spliceSockets(upstream, request.socket, bytesLeft, (taken, rest) => {
      this.#isWorthwhile = taken >= WORTHWHILE_BYTES;
      this.#exchange.bytesAnswered += taken - rest.length;
      if (rest.length > 0) this.#onRest(rest);
      proxied.takeBack(taken);
    });
  }
}
