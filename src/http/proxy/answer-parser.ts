import { isBodiless } from "../../core/http-grammar.ts";
import { type AnswerHead, parseAnswerHead } from "./answer-head.ts";
import { BadAnswer } from "./bad-answer.ts";
import { ChunkedBody } from "./chunked-body.ts";
import { HeadCollector } from "./head-collector.ts";

/** Real answers have one or two before them; each goes to the client, however slow it is. */
const MOST_INFORMATIONAL = 100;

/** Called for each answer in this order; heads of 1xx come before the head. Chunks are the receiver's. */
export interface AnswerReceiver {
  onInformation(head: AnswerHead): void;
  onHead(head: AnswerHead): void;
  onChunk(chunk: Buffer): void;
  onEnd(trailers: [string, string][]): void;
  /** A 101: what is behind it belongs to another protocol. */
  onUpgrade(head: AnswerHead, early: Buffer): void;
}

/** How the body of an answer ends. */
type Framing = "none" | "length" | "chunked" | "untilClose";

/**
 * Reads the answers of one connection, one after the other (RFC 9112). Strict: an answer that could be read in two ways is
 * none. Throws `BadAnswer`.
 */
export class AnswerParser {
  /** Nothing is expected, and whatever comes is nobody's. */
  isIdle = true;
  /** The connection can be used for another request when this one is answered. */
  isKept = false;
  readonly #take: (piece: Buffer) => Buffer;
  readonly #collector = new HeadCollector();
  #receiver: AnswerReceiver | undefined;
  #method = "";
  #framing: Framing | undefined;
  #left = 0;
  #informational = 0;
  #chunked: ChunkedBody | undefined;

  /** `take` makes a piece of what is pushed the receiver's. */
  constructor(take: (piece: Buffer) => Buffer) {
    this.#take = take;
  }

  expect(method: string, receiver: AnswerReceiver): void {
    this.isIdle = false;
    this.isKept = false;
    this.#method = method;
    this.#receiver = receiver;
    this.#framing = undefined;
    this.#informational = 0;
  }

  push(bytes: Buffer): void {
    let rest: Buffer | undefined = bytes;
    while (rest !== undefined && rest.length > 0) {
      if (this.isIdle) throw new BadAnswer("the upstream sent more than its answer");
      rest = this.#framing === undefined ? this.#readHead(rest) : this.#readBody(rest);
    }
  }

  /** How much of a body whose length was said is still to come; 0: nobody knows, or there is none. */
  get left(): number {
    return this.#framing === "length" ? this.#left : 0;
  }

  /** So much of it came in another way. */
  skip(bytes: number): void {
    this.#left -= bytes;
    if (this.#left === 0) this.#complete([]);
  }

  /** The connection has ended in order. False: an answer is not complete. */
  end(): boolean {
    if (this.#framing === "untilClose") this.#complete([]);
    return this.isIdle;
  }

  #readHead(bytes: Buffer): Buffer | undefined {
    const found = this.#collector.push(bytes);
    if (found === undefined) return undefined;
    const { text, rest } = found;
    const head = parseAnswerHead(text);
    if (head.status === 101) {
      this.isIdle = true;
      this.#receiver?.onUpgrade(head, this.#take(rest));
      return undefined;
    }
    if (head.status < 200) {
      if (++this.#informational > MOST_INFORMATIONAL) {
        throw new BadAnswer("there are too many heads before the answer's own");
      }
      // The client was asked to go on long ago.
      if (head.status !== 100) this.#receiver?.onInformation(head);
      return rest;
    }
    this.#framing = this.#framingOf(head);
    this.isKept = head.keepsConnection && this.#framing !== "untilClose";
    this.#left = head.length ?? 0;
    if (this.#framing === "chunked") this.#chunked = new ChunkedBody();
    this.#receiver?.onHead(head);
    if (this.#framing === "none" || (this.#framing === "length" && this.#left === 0)) {
      this.#complete([]);
    }
    return rest;
  }

  #framingOf({ status, isChunked, length }: AnswerHead): Framing {
    if (this.#method === "HEAD" || isBodiless(status)) return "none";
    if (isChunked) return "chunked";
    return length === undefined ? "untilClose" : "length";
  }

  #readBody(bytes: Buffer): Buffer | undefined {
    if (this.#framing === "untilClose") {
      this.#passOn(bytes);
      return undefined;
    }
    if (this.#framing === "chunked") return this.#readChunks(bytes);
    const isAll = bytes.length <= this.#left;
    const piece = isAll ? bytes : bytes.subarray(0, this.#left);
    const rest = isAll ? undefined : bytes.subarray(this.#left);
    this.#left -= piece.length;
    this.#passOn(piece);
    if (this.#left === 0) this.#complete([]);
    return rest;
  }

  #readChunks(bytes: Buffer): Buffer | undefined {
    const chunked = this.#chunked as ChunkedBody;
    const rest = chunked.read(bytes, (piece) => this.#passOn(piece));
    if (rest !== undefined) this.#complete(chunked.trailers);
    return rest;
  }

  #passOn(piece: Buffer): void {
    this.#receiver?.onChunk(this.#take(piece));
  }

  #complete(trailers: [string, string][]): void {
    const receiver = this.#receiver;
    this.isIdle = true;
    this.#framing = undefined;
    this.#receiver = undefined;
    this.#chunked = undefined;
    receiver?.onEnd(trailers);
  }
}
