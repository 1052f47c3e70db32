import type { Exchange } from "../exchange.ts";
import type { StoredBody } from "../stored-body.ts";
import { toTrailers } from "./answer-head.ts";

/** Where a body goes to. */
export interface BodySink {
  /** The chunk is not the caller's any more. False: wait to be asked to go on. */
  write(chunk: Uint8Array): boolean;
  /** It is complete. */
  end(trailers: [string, string][]): void;
  /** It will never be. */
  fail(error: Error): void;
}

/** A body that comes in pieces. */
export interface BodySource {
  start(sink: BodySink): void;
  goOn(): void;
  /** Nobody takes any more of it. */
  stop(): void;
}

/** A body on its way from the client, as fast as it is taken; what is not waits with the client. */
export class ClientBody implements BodySource {
  readonly #exchange: Exchange;
  readonly #maxBytes: number;
  readonly #onTooLarge: () => void;
  #received = 0;
  #sink: BodySink | undefined;

  constructor(exchange: Exchange, maxBytes: number, onTooLarge: () => void) {
    this.#exchange = exchange;
    this.#maxBytes = maxBytes;
    this.#onTooLarge = onTooLarge;
  }

  start(sink: BodySink): void {
    this.#sink = sink;
    this.#exchange.request.on("data", this.#onData).on("end", this.#onEnd);
    this.#exchange.goOn();
  }

  goOn(): void {
    this.#exchange.goOn();
  }

  stop(): void {
    if (this.#sink === undefined) return;
    this.#sink = undefined;
    this.#exchange.request.off("data", this.#onData).off("end", this.#onEnd);
    // A client that sends on is not stopped, only not heard.
    this.#exchange.goOn();
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#received += chunk.length;
    if (this.#received > this.#maxBytes) {
      this.stop();
      this.#onTooLarge();
    } else if (this.#sink?.write(chunk) === false) {
      this.#exchange.holdBack();
    }
  };

  readonly #onEnd = (): void => {
    const sink = this.#sink;
    this.stop();
    sink?.end(toTrailers(this.#exchange.request.rawTrailers));
  };
}

/** A body that has been kept. */
export class KeptBody implements BodySource {
  readonly #body: StoredBody;
  #sink: BodySink | undefined;

  constructor(body: StoredBody) {
    this.#body = body;
  }

  start(sink: BodySink): void {
    this.#sink = sink;
    this.goOn();
  }

  goOn(): void {
    let isMore = true;
    // Pieces that are in memory come at once: a recursion would be as deep as the body has pieces.
    while (isMore) {
      isMore = false;
      let isAtOnce = true;
      this.#body.read((error, piece) => {
        if (!this.#pass(error, piece)) return;
        if (isAtOnce) isMore = true;
        else this.goOn();
      });
      isAtOnce = false;
    }
  }

  stop(): void {
    this.#sink = undefined;
    this.#body.close();
  }

  /** True: there may be more. */
  #pass(error: Error | null, piece: Uint8Array): boolean {
    const sink = this.#sink;
    if (sink === undefined) return false;
    if (error === null && piece.length > 0) return sink.write(piece);
    this.stop();
    if (error === null) sink.end([]);
    else sink.fail(error);
    return false;
  }
}
