import { arrivedBody } from "../../http/body.ts";
import type { BodyFailure } from "../../http/exchange-listener.ts";
import type { Outcome } from "../../process/outcome.ts";
import { describeFailure } from "../failure.ts";
import { ProcessInvocation } from "../process-invocation.ts";
import { failureStatus, outcomeHeader, timingHeader } from "../response.ts";
import { OF_CONTENT_TYPE } from "./content-type.ts";

/**
 * The process starts at once, and each chunk goes on as it comes, both ways. Before its first byte a failure is a status;
 * behind it the connection is cut.
 */
export class StreamingInvocation extends ProcessInvocation {
  #environment = "";
  #received = 0;
  #sent = 0;
  #isFed = false;
  #isInputClosed = false;

  onOutput(chunk: Buffer): void {
    if (this.isAnswerOver) return;
    const { maxOutputBytes } = this.context.config;
    this.#sent += chunk.length;
    if (maxOutputBytes !== undefined && this.#sent > maxOutputBytes) {
      this.run?.terminate("outputTooLarge");
      return;
    }
    if (!this.isAnswered) this.answerHead(200, [...this.#headers(), ...this.#trailer()]);
    if (!this.exchange.write(chunk)) this.run?.pauseOutput();
  }

  onWritable(): void {
    this.run?.resumeOutput();
  }

  onInputDrain(): void {
    this.exchange.goOn();
  }

  onInputClosed(): void {
    this.#isInputClosed = true;
    this.discard();
    // A client that sends on is not stopped, only not heard.
    this.exchange.goOn();
  }

  onBodyFailed(failure: BodyFailure): void {
    // What nobody reads any more may be late, or broken.
    if (this.isAnswerOver || (this.#isInputClosed && failure !== "short")) return;
    this.discard();
    if (failure === "short") {
      this.exchange.abandon();
      this.onClientLeft();
    } else if (failure === "late") {
      this.#giveUp(408, "the body is late\n");
    } else {
      this.#giveUp(400, "the body's framing is broken\n");
    }
  }

  /** What goes on without its client is not held back by it, and is not given a part of a body for the whole. */
  override onClientLeft(): void {
    const isBodyShort = this.#isFed;
    super.onClientLeft();
    if (isBodyShort) this.run?.terminate("aborted");
    this.run?.resumeOutput();
  }

  protected admitted(): void {
    const environment = this.environment();
    if (environment === undefined) return;
    this.#environment = environment;
    const { bodyLength } = this.head;
    if (bodyLength === 0) {
      this.start(environment, NO_BODY, FLOWING);
    } else if (bodyLength > this.#maxBodyBytes) {
      this.#refuseBody();
    } else {
      this.exchange.wantBody();
      // The parser hands a chunked body on in more than one tick, though never in more than one read.
      if (bodyLength < 0) setImmediate(takeBody, this);
      else process.nextTick(takeBody, this);
    }
  }

  protected respond(outcome: Outcome): void {
    this.discard();
    const isSuccess = outcome.kind === "exited" && outcome.exitCode === 0;
    if (this.isAnswered) {
      if (isSuccess) this.#end();
      else this.cut();
    } else if (isSuccess || this.context.config.compat === "openfaas") {
      this.answer({ status: 200, headers: this.#headers(), body: "" });
    } else {
      const headers = ["Content-Type", "text/plain; charset=utf-8", ...outcomeHeader(outcome)];
      if (this.bill !== undefined) headers.push(...timingHeader(this.bill));
      const reason = describeFailure(outcome, this.context.config.command);
      this.answer({ status: failureStatus(outcome), headers, body: `${reason}\n` });
    }
  }

  protected discard(): void {
    if (this.#isFed) this.exchange.request.off("data", this.#onData).off("end", this.#onEnd);
    this.#isFed = false;
  }

  /** A body that is all here travels with the start; of a longer one each chunk goes on as it comes. */
  takeBody(): void {
    if (this.isAnswered) return;
    const body = arrivedBody(this.exchange);
    if (body === undefined) {
      this.#startAndFeed();
    } else if (body.length > this.#maxBodyBytes) {
      this.#refuseBody();
    } else if (body.length <= this.context.bodyOptions.smallBytes) {
      this.start(this.#environment, body, FLOWING);
    } else {
      this.start(this.#environment, undefined, FLOWING);
      this.run?.write(body);
      this.run?.endInput();
    }
  }

  #startAndFeed(): void {
    this.start(this.#environment, undefined, FLOWING);
    if (this.outcome !== undefined) return;
    this.#isFed = true;
    this.exchange.request.on("data", this.#onData).on("end", this.#onEnd);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#received += chunk.length;
    if (this.#received > this.#maxBodyBytes) this.#refuseBody();
    else if (this.run?.write(chunk) === false) this.exchange.holdBack();
  };

  readonly #onEnd = (): void => {
    this.discard();
    this.run?.endInput();
  };

  get #maxBodyBytes(): number {
    return this.context.bodyOptions.maxBytes ?? Number.POSITIVE_INFINITY;
  }

  #refuseBody(): void {
    this.discard();
    this.#giveUp(413, "the body is larger than max_body allows\n");
  }

  /** The fault is the client's: it is told, if its answer has not begun, and the process ends. */
  #giveUp(status: number, reason: string): void {
    if (this.isAnswered) this.cut();
    else this.refuse(status, reason);
    this.run?.terminate("aborted");
  }

  #end(): void {
    const { bill, exchange } = this;
    if (bill !== undefined && this.#trailer().length > 0) {
      exchange.response.addTrailers([timingHeader(bill)]);
    }
    exchange.end();
  }

  /** What the process cost is known behind its output, which only a chunked answer can say. */
  #trailer(): string[] {
    const isChunked = this.method !== "HEAD" && this.exchange.request.httpVersionMinor > 0;
    return this.context.config.serverTiming && isChunked ? ["Trailer", "Server-Timing"] : [];
  }

  #headers(): string[] {
    return ["Content-Type", this.context.config.contentType ?? OF_CONTENT_TYPE];
  }
}

const FLOWING = false;
const NO_BODY = Buffer.alloc(0);
const takeBody = (invocation: StreamingInvocation) => invocation.takeBody();
