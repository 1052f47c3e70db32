import { Chunks } from "../../core/chunks.ts";
import { isBodiless } from "../../core/http-grammar.ts";
import { NO_BYTES } from "../../core/no-bytes.ts";
import type { Exchange } from "../../http/exchange.ts";
import type { AnswerHead } from "../../http/proxy/answer-head.ts";

/** As a string it goes into one with the head, which node writes without a buffer of its own. */
const SMALL_BYTES = 4 * 1024;

/**
 * A replica's answer on its way to the client. What comes in one read goes in one write; what comes later goes as it comes.
 */
export class RelayedAnswer {
  readonly #exchange: Exchange;
  /** Not sent yet. */
  #head: AnswerHead | undefined;
  /** What has come of the body and was not sent yet. */
  #first: Buffer | undefined;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** Its headers are all that the client is to get, but for the length. */
  begin(head: AnswerHead): void {
    this.#head = head;
    process.nextTick(flush, this);
  }

  /** The chunk is not the caller's any more. False: the client has enough for now. */
  write(chunk: Buffer): boolean {
    if (this.#head !== undefined && this.#first === undefined) {
      this.#first = chunk;
      return true;
    }
    const isRoomLeft = this.flush();
    return this.#exchange.write(chunk) && isRoomLeft;
  }

  end(trailers: [string, string][]): void {
    const head = this.#head;
    if (head !== undefined && trailers.length === 0 && !this.#isBodiless(head)) {
      this.#answerWhole(head);
      return;
    }
    this.flush();
    if (trailers.length > 0) this.#exchange.response.addTrailers(trailers);
    this.#exchange.end();
  }

  /** What has come and was not sent goes now. False: the client has enough. */
  flush(): boolean {
    const head = this.#head;
    if (head === undefined) return true;
    this.#head = undefined;
    const { status, reason, headers, length } = head;
    if (length !== undefined && status !== 204) headers.push("Content-Length", String(length));
    this.#exchange.response.statusMessage = reason;
    this.#exchange.writeHead(status, headers);
    // A head with nothing behind it goes too: Node's flushHeaders would write it as UTF-8.
    return this.#exchange.write(this.#first ?? NO_BYTES);
  }

  /** Nobody wants it any more. */
  drop(): void {
    this.#head = undefined;
  }

  #answerWhole({ status, reason, headers }: AnswerHead): void {
    const first = this.#first ?? NO_BYTES;
    this.#head = undefined;
    this.#exchange.response.statusMessage = reason;
    if (first.length <= SMALL_BYTES) {
      this.#exchange.answer(status, headers, first.toString("latin1"));
      return;
    }
    const body = new Chunks();
    body.push(first);
    this.#exchange.answer(status, headers, body);
  }

  /** There is no body, whatever the headers say of one. */
  #isBodiless({ status }: AnswerHead): boolean {
    return isBodiless(status) || this.#exchange.request.method === "HEAD";
  }
}

const flush = (answer: RelayedAnswer) => void answer.flush();
