import { NO_BYTES } from "../../core/no-bytes.ts";
import { arrivedBody } from "../../http/body.ts";
import type { BodyFailure } from "../../http/exchange-listener.ts";
import type { Run, RunOptions } from "../../process/run.ts";
import { BodyFeed } from "../body-feed.ts";
import { ProcessInvocation } from "../process-invocation.ts";

/** The process starts at once, and each chunk of the body goes on as it comes. */
export abstract class FedInvocation extends ProcessInvocation {
  /** Whether small output waits for the exit. */
  protected abstract readonly holdOutput: RunOptions["holdOutput"];
  #environment = "";
  #feed: BodyFeed | undefined;
  #isInputClosed = false;

  onInputDrain(): void {
    this.exchange.goOn();
  }

  onInputClosed(): void {
    this.#isInputClosed = true;
    this.stopFeeding();
    // A client that sends on is not stopped, only not heard.
    this.exchange.goOn();
  }

  onBodyFailed(failure: BodyFailure): void {
    // What nobody reads any more may be late, or broken.
    if (this.isAnswerOver || (this.#isInputClosed && failure !== "short")) return;
    this.stopFeeding();
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
    const isBodyShort = this.#feed?.isOver === false;
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
      this.startWith(NO_BYTES);
    } else if (bodyLength > this.#maxBodyBytes) {
      this.onBodyTooLarge();
    } else {
      this.exchange.wantBody();
      // The parser hands a chunked body on in more than one tick, though never in more than one read.
      if (bodyLength < 0) setImmediate(takeBody, this);
      else process.nextTick(takeBody, this);
    }
  }

  /** Nobody reads what is left of the body. */
  protected stopFeeding(): void {
    this.#feed?.stop();
  }

  takeBody(): void {
    if (this.isAnswered) return;
    const body = arrivedBody(this.exchange);
    if (body === undefined) this.takeLongBody();
    else if (body.length > this.#maxBodyBytes) this.onBodyTooLarge();
    else this.startWith(body);
  }

  /** All of the body is here: with the start travels what is small. */
  protected startWith(body: Buffer): void {
    if (body.length <= this.context.bodyOptions.smallBytes) {
      this.start(this.variables(body.length), body, this.holdOutput);
    } else {
      const run = this.startUnfed(body.length);
      run?.write(body);
      run?.endInput();
    }
  }

  /** Of a longer one each chunk goes on as it comes. */
  protected takeLongBody(): void {
    const run = this.startUnfed(this.head.bodyLength);
    if (run === undefined) return;
    const onTooLarge = () => this.onBodyTooLarge();
    this.#feed = new BodyFeed(this.exchange, run, this.#maxBodyBytes, onTooLarge);
  }

  /** `undefined`: it has failed already. */
  protected startUnfed(bodyLength: number): Run | undefined {
    this.start(this.variables(bodyLength), undefined, this.holdOutput);
    return this.outcome === undefined ? this.run : undefined;
  }

  /** For a body of this length; -1: nobody knows. */
  protected variables(_bodyLength: number): string {
    return this.#environment;
  }

  onBodyTooLarge(): void {
    this.stopFeeding();
    this.#giveUp(413, "the body is larger than max_body allows\n");
  }

  get #maxBodyBytes(): number {
    return this.context.bodyOptions.maxBytes ?? Number.POSITIVE_INFINITY;
  }

  /** The fault is the client's: it is told, if its answer has not begun, and the process ends. */
  #giveUp(status: number, reason: string): void {
    if (this.isAnswered) this.cut();
    else this.refuse(status, reason);
    this.run?.terminate("aborted");
  }
}

const takeBody = (invocation: FedInvocation) => invocation.takeBody();
