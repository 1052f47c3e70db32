import type { Exchange } from "../http/exchange.ts";
import type { Run } from "../process/run.ts";

/** Passes a request's body on to its process, each chunk as it comes. */
export class BodyFeed {
  readonly #exchange: Exchange;
  readonly #run: Run;
  readonly #maxBytes: number;
  readonly #onTooLarge: () => void;
  #received = 0;
  /** The body has ended, or nobody wants its rest. */
  isOver = false;

  constructor(exchange: Exchange, run: Run, maxBytes: number, onTooLarge: () => void) {
    this.#exchange = exchange;
    this.#run = run;
    this.#maxBytes = maxBytes;
    this.#onTooLarge = onTooLarge;
    exchange.request.on("data", this.#onData).on("end", this.#onEnd);
  }

  stop(): void {
    this.isOver = true;
    this.#exchange.request.off("data", this.#onData).off("end", this.#onEnd);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#received += chunk.length;
    if (this.#received > this.#maxBytes) this.#onTooLarge();
    else if (!this.#run.write(chunk)) this.#exchange.holdBack();
  };

  readonly #onEnd = (): void => {
    this.stop();
    this.#run.endInput();
  };
}
