import { Readable } from "node:stream";
import type { Exchange } from "../exchange.ts";
import type { StoredBody } from "../stored-body.ts";

/** A body on its way from the client, as fast as it is taken; what is not waits with the client. */
export class RequestBody extends Readable {
  readonly #exchange: Exchange;
  readonly #maxBytes: number;
  readonly #onTooLarge: () => void;
  #received = 0;
  #isBegun = false;

  constructor(exchange: Exchange, maxBytes: number, onTooLarge: () => void) {
    super();
    this.#exchange = exchange;
    this.#maxBytes = maxBytes;
    this.#onTooLarge = onTooLarge;
    // Whoever destroys it says why to those who asked for it, too.
    this.on("error", () => {});
  }

  override _read(): void {
    if (this.#isBegun) {
      this.#exchange.goOn();
      return;
    }
    this.#isBegun = true;
    this.#exchange.request.on("data", this.#onData).on("end", this.#onEnd);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#leave();
    done(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#received += chunk.length;
    if (this.#received > this.#maxBytes) {
      this.#leave();
      this.#onTooLarge();
    } else if (!this.push(chunk)) {
      this.#exchange.holdBack();
    }
  };

  readonly #onEnd = (): void => {
    this.#leave();
    this.push(null);
  };

  #leave(): void {
    this.#exchange.request.off("data", this.#onData).off("end", this.#onEnd);
  }
}

/** A body that has been kept. */
export function toReadable(body: StoredBody): Readable {
  return new Readable({
    read() {
      body.read((error, piece) => {
        if (error !== null) this.destroy(error);
        else this.push(piece.length === 0 ? null : piece);
      });
    },
    destroy(error, done) {
      body.close();
      done(error);
    },
  });
}
