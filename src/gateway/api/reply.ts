import { Chunks } from "../../core/chunks.ts";
import type { Exchange } from "../../http/exchange.ts";
import type { BodyFailure, ExchangeListener } from "../../http/exchange-listener.ts";
import { type Answer, type LinesAnswer, sayText } from "./answer.ts";
import { ApiError } from "./api-error.ts";

/** The answer to one request of the API, and what becomes of its client meanwhile. */
export class Reply implements ExchangeListener {
  readonly exchange: Exchange;
  readonly #left = new AbortController();
  #hasBegun = false;
  #isEndless = false;
  #isHalfClosed = false;
  #onWritable: (() => void) | undefined;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
  }

  /** Nobody waits for an answer any more. */
  get left(): AbortSignal {
    return this.#left.signal;
  }

  /** The first one counts. */
  send({ status, headers, body }: Answer): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const bytes = new Chunks();
    if (body !== "") bytes.push(Buffer.from(body));
    this.exchange.answer(status, [...headers], bytes);
  }

  /**
   * Until there are no more lines or nobody reads them, at the client's pace. The head waits for the first line, but not for
   * long: what fails at once can still be answered with what is wrong. Rejects with that, and nothing has been sent then.
   */
  async sendLines(answer: LinesAnswer, closing: AbortSignal): Promise<void> {
    const over = AbortSignal.any([this.left, closing]);
    this.#isEndless = answer.isEndless;
    if (this.#isHalfClosed) this.onHalfClosed();
    const lines = answer.lines[Symbol.asyncIterator]();
    const first = lines.next();
    await Promise.race([first, afterPatience()]);
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.exchange.writeHead(answer.status, [...answer.headers]);
    this.exchange.response.flushHeaders();
    try {
      await this.#pass(first, lines, over);
      this.exchange.end();
    } catch {
      if (over.aborted) this.exchange.end();
      else this.exchange.cut();
    }
  }

  async #pass(
    first: Promise<IteratorResult<string>>,
    lines: AsyncIterator<string>,
    over: AbortSignal,
  ): Promise<void> {
    let next = first;
    try {
      for (;;) {
        const result = await unless(over, next);
        if (result === undefined || result.done) return;
        if (!this.exchange.write(Buffer.from(result.value))) await unless(over, this.#writable());
        next = lines.next();
      }
    } finally {
      // One that heeds no signal ends when it has something to say: nobody waits for that.
      next.catch(() => {});
      void lines.return?.().then(undefined, () => {});
    }
  }

  #writable(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onWritable = resolve;
    return promise;
  }

  onTurn(): void {}

  onBodyFailed(failure: BodyFailure): void {
    const status = failure === "late" ? 408 : 400;
    this.send(sayText(status, `the request's body did not come: it was ${failure}`));
  }

  /** A client that waits for an answer with an end may have said all it had to say. */
  onHalfClosed(): void {
    this.#isHalfClosed = true;
    if (this.#isEndless) this.onClientLeft();
  }

  onClientLeft(): void {
    this.#left.abort(new ApiError(408, "the client has left"));
  }

  onWritable(): void {
    this.#onWritable?.();
  }

  onAnswerSent(): void {}
}

const PATIENCE_MS = 100;

function afterPatience(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, PATIENCE_MS).unref();
  return promise;
}

/** `undefined`: the signal was first. */
async function unless<T>(signal: AbortSignal, waited: Promise<T>): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stop = () => resolve(undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([waited, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
