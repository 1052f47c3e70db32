import { NO_BYTES } from "../../core/no-bytes.ts";
import { arrivedWithoutTrailers, BodyCollector } from "../../http/body.ts";
import type { BodyMemory } from "../../http/body-memory.ts";
import type { Exchange } from "../../http/exchange.ts";
import type { SpoolFolder } from "../../http/spool.ts";

/** What says that it is no larger is taken as a whole: only so can it be sent to another replica, too. */
const SMALL_BYTES = 64 * 1024;
/** It never needs a file. */
const NO_SPOOL: SpoolFolder = { createFile: (receive) => receive(undefined), failed() {} };

/** Asks a client for its body, and says how it comes: as a whole, or piece by piece, beginning now. */
export class BodyIntake {
  /** `undefined`: nobody knows yet. */
  body: Buffer | "streamed" | undefined;
  readonly #exchange: Exchange;
  readonly #memory: BodyMemory;
  readonly #onKnown: () => void;
  #collector: BodyCollector | undefined;

  /** `onKnown`: called once, perhaps at once. */
  constructor(exchange: Exchange, memory: BodyMemory, onKnown: () => void) {
    this.#exchange = exchange;
    this.#memory = memory;
    this.#onKnown = onKnown;
  }

  ask(): void {
    const { bodyLength } = this.#exchange.head;
    if (bodyLength === 0) {
      this.#known(NO_BYTES);
      return;
    }
    this.#exchange.wantBody();
    // The parser hands a chunked body on in more than one tick, though never in more than one read.
    if (bodyLength < 0) setImmediate(take, this);
    else process.nextTick(take, this);
  }

  take(): void {
    if (this.body !== undefined) return;
    const arrived = arrivedWithoutTrailers(this.#exchange);
    if (arrived === undefined && this.#isSmall) this.#collect();
    else this.#known(arrived ?? "streamed");
  }

  /** Nobody wants it any more. */
  stop(): void {
    this.#collector?.stop();
    // What is held back, and nobody will take.
    if (this.body === "streamed") this.#exchange.goOn();
    this.body ??= NO_BYTES;
  }

  get #isSmall(): boolean {
    const { bodyLength } = this.#exchange.head;
    return bodyLength > 0 && bodyLength <= SMALL_BYTES && !this.#memory.isFull;
  }

  #collect(): void {
    const options = {
      maxBytes: undefined,
      smallBytes: SMALL_BYTES,
      memoryBytes: SMALL_BYTES,
      memory: this.#memory,
      spool: NO_SPOOL,
    };
    this.#collector = new BodyCollector(this.#exchange, options, {
      onBody: (body) => this.#known(body as Buffer),
      onBodyTooLarge() {},
    });
  }

  #known(body: Buffer | "streamed"): void {
    this.body = body;
    this.#onKnown();
  }
}

const take = (intake: BodyIntake) => intake.take();
