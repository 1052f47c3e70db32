import { Chunks } from "../../core/chunks.ts";
import { giveBack } from "../../core/give-back.ts";
import { NO_BYTES } from "../../core/no-bytes.ts";
import { arrivedBody, BodyCollector, type BodyReceiver } from "../../http/body.ts";
import type { Exchange } from "../../http/exchange.ts";
import type { BodyFailure } from "../../http/exchange-listener.ts";
import type { RequestHead } from "../../http/request-head.ts";
import { StoredBody } from "../../http/stored-body.ts";
import type { Outcome } from "../../process/outcome.ts";
import { type CompleteHead, isBad } from "../answer-head.ts";
import { describeFailure } from "../failure.ts";
import type { InputFeeder, InputSource } from "../input-feeder.ts";
import type { InvocationKind } from "../invocation.ts";
import type { InvocationContext } from "../invocation-context.ts";
import { ProcessInvocation } from "../process-invocation.ts";
import { type Answer, type AnswerInput, timingHeader } from "../response.ts";

/** What one buffered mode does otherwise than another. */
export interface BufferedMode {
  allowsMethod(method: string): boolean;
  /** What the process reads: the body as it came, or something made of it. In one piece at most what a start takes. */
  toInput(exchange: Exchange, body: Buffer | StoredBody): Buffer | InputSource;
  toAnswer(input: AnswerInput): Answer;
  failBody(exchange: Exchange, failure: BodyFailure): Answer;
}

/** The whole body first, then the process, then the whole answer. */
export class BufferedInvocation extends ProcessInvocation implements BodyReceiver {
  readonly #mode: BufferedMode;
  #environment = "";
  #collector: BodyCollector | undefined;
  /** While it waits for a place. */
  #stored: StoredBody | undefined;
  #feeder: InputFeeder | undefined;
  readonly #output = new Chunks();
  /** What the answer begins with where the program has ended well. */
  #said: CompleteHead | undefined;

  constructor(
    mode: BufferedMode,
    context: InvocationContext,
    exchange: Exchange,
    head: RequestHead,
    kind: InvocationKind,
  ) {
    super(context, exchange, head, kind);
    this.#mode = mode;
  }

  /** A body that took its time is here. */
  onBody(body: Buffer | StoredBody): void {
    this.#collector = undefined;
    if (!Buffer.isBuffer(body)) this.#stored = body;
    this.takePlaceAgain(() => {
      this.#stored = undefined;
      this.#startWith(body);
    });
  }

  onBodyTooLarge(): void {
    this.refuse(413, "the body is larger than max_body allows\n");
  }

  onBodyFailed(failure: BodyFailure): void {
    if (this.isAnswered) return;
    const answer = this.#mode.failBody(this.exchange, failure);
    this.context.debug?.onBodyFailed(String(answer.body).trimEnd(), this.#collector?.size ?? 0);
    answer.headers.push("X-Breeze-Outcome", "refused");
    this.discard();
    this.answer(answer);
  }

  onOutput(chunk: Buffer): void {
    if (this.isAnswered) {
      giveBack(chunk);
      return;
    }
    this.#output.push(chunk);
    const { maxOutputBytes } = this.context.config;
    if (maxOutputBytes !== undefined && this.#output.size > maxOutputBytes) {
      this.#output.discard();
      this.run?.terminate("outputTooLarge");
    }
  }

  onInputDrain(): void {
    this.#feeder?.pump();
  }

  onInputClosed(): void {
    this.#feeder?.stop();
  }

  onWritable(): void {}

  protected admitted(): void {
    if (!this.#mode.allowsMethod(this.method)) {
      this.answer({ status: 405, headers: [], body: "" });
      return;
    }
    const environment = this.environment();
    if (environment === undefined) return;
    this.#environment = environment;
    this.context.debug?.onRequest(this.exchange, this.head);
    const { bodyLength } = this.head;
    const { maxBytes } = this.context.bodyOptions;
    if (bodyLength === 0) {
      this.#startWith(NO_BYTES);
    } else if (maxBytes !== undefined && bodyLength > maxBytes) {
      this.onBodyTooLarge();
    } else {
      this.exchange.wantBody();
      process.nextTick(takeBody, this);
    }
  }

  protected override review(ended: Outcome): Outcome {
    const said = this.readEnd(ended, this.#output.size);
    if (said === undefined) return ended;
    if (isBad(said)) return said;
    this.#said = said;
    return ended;
  }

  protected respond(outcome: Outcome): void {
    this.#feeder?.stop();
    const { config, debug } = this.context;
    const said = this.#said;
    if (said === undefined)
      debug?.onFailure(describeFailure(outcome, config.command), this.#output);
    const answer = this.#mode.toAnswer({
      config,
      outcome,
      said,
      output: this.#output,
      requestType: this.exchange.request.headers["content-type"],
      seconds: this.exchange.seconds,
    });
    if (this.bill !== undefined) answer.headers.push(...timingHeader(this.bill));
    if (said !== undefined) debug?.onSuccess(answer.headers, this.#output);
    this.answerWhole(answer, said?.length);
    // Where the answer says nothing but what went wrong.
    this.#output.discard();
  }

  protected discard(): void {
    this.#collector?.stop();
    this.#stored?.close();
    this.#feeder?.stop();
    this.#output.discard();
  }

  /** Most bodies came together with their headers; the others are waited for. */
  takeBody(): void {
    if (this.isAnswered) return;
    const { bodyOptions } = this.context;
    const body = arrivedBody(this.exchange);
    if (body === undefined) this.#waitForBody();
    else if (body.length > (bodyOptions.maxBytes ?? body.length)) this.onBodyTooLarge();
    else if (body.length <= bodyOptions.smallBytes) this.#startWith(body);
    else this.#startWith(new StoredBody(body.length, undefined, [body]));
  }

  /** Without a place meanwhile: slow clients must not keep others out. */
  #waitForBody(): void {
    this.leavePlace();
    this.#collector = new BodyCollector(this.exchange, this.context.bodyOptions, this);
  }

  #startWith(body: Buffer | StoredBody): void {
    const input = this.#mode.toInput(this.exchange, body);
    if (Buffer.isBuffer(input)) {
      this.start(this.#environment, input, HELD);
    } else {
      this.start(this.#environment, undefined, HELD);
      this.#feeder = this.createFeeder(input);
      this.#feeder?.pump();
    }
  }
}

const HELD = true;
const takeBody = (invocation: BufferedInvocation) => invocation.takeBody();
