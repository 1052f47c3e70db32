import { Chunks } from "../../core/chunks.ts";
import { giveBack } from "../../core/give-back.ts";
import { NO_BYTES } from "../../core/no-bytes.ts";
import type { Outcome } from "../../process/outcome.ts";
import {
  type AnswerHead,
  type BadAnswer,
  isBad,
  lengthFault,
  WRONG_LENGTH,
} from "../answer-head.ts";
import { describeFailure, endStatus } from "../failure.ts";
import { failureStatus, outcomeHeader, timingHeader } from "../response.ts";
import { FedInvocation } from "./fed.ts";

/**
 * Each chunk of the answer goes on as it comes, too. Before it has begun a failure is a status; behind that the connection
 * is cut.
 */
export abstract class FlowingInvocation extends FedInvocation {
  /** What the program has said of its answer's head, once it has said all. */
  #said: AnswerHead | undefined;
  /** Of the body: what came behind its head, sent or waiting. */
  #size = 0;
  readonly #waiting = new Chunks();

  /**
   * Looks for the head in the output so far: what is left of the chunk is the body's. `undefined`: there is more to come.
   */
  protected abstract readHead(
    chunk: Buffer,
  ): { readonly head: AnswerHead; readonly body: Buffer } | BadAnswer | undefined;
  /** The process has ended well, and no head was found. */
  protected abstract readHeadless(): AnswerHead | BadAnswer;
  /** The headers of the answer: the program's own and the mode's. */
  protected abstract toHeaders(said: AnswerHead): string[];
  /** Whether what came in the same moment as the exit is one answer with it. */
  protected abstract readonly waitsForExit: boolean;

  onOutput(chunk: Buffer): void {
    if (this.isAnswerOver || this.outcome !== undefined) giveBack(chunk);
    else if (this.#said !== undefined) this.#pass(chunk);
    else this.#begin(chunk);
  }

  onWritable(): void {
    this.run?.resumeOutput();
  }

  #begin(chunk: Buffer): void {
    const found = this.readHead(chunk);
    if (found === undefined) return;
    if (isBad(found)) {
      this.reject(found);
      return;
    }
    this.#said = found.head;
    this.#pass(found.body);
    if (this.waitsForExit) process.nextTick(sendHead, this);
    else this.sendHead();
  }

  #pass(chunk: Buffer): void {
    this.#size += chunk.length;
    const { maxOutputBytes } = this.context.config;
    if (maxOutputBytes !== undefined && this.#size > maxOutputBytes) {
      this.run?.terminate("outputTooLarge");
    } else if (lengthFault(this.#said as AnswerHead, this.#size, this.method) === "more") {
      this.reject(WRONG_LENGTH);
    } else if (chunk.length > 0) {
      this.#send(chunk);
    }
  }

  #send(chunk: Uint8Array): void {
    if (!this.isAnswered) this.#waiting.push(chunk);
    else if (!this.exchange.write(chunk)) this.run?.pauseOutput();
  }

  sendHead(): void {
    if (this.isAnswered || this.outcome !== undefined) return;
    const said = this.#said as AnswerHead;
    const status = said.status ?? 200;
    this.answerHead(status, [...this.toHeaders(said), ...this.#length(status), ...this.#trailer()]);
    const chunks = this.#waiting.take();
    // It is an answer already, whenever its body comes. Node's flushHeaders would write the head as UTF-8.
    if (chunks.length === 0) this.#send(NO_BYTES);
    for (const chunk of chunks) this.#send(chunk);
  }

  protected override review(ended: Outcome): Outcome {
    const status = endStatus(ended, this.context.config.answerHead.exitCodes);
    if (status === undefined) return ended;
    if (this.#said === undefined) {
      const said = this.readHeadless();
      if (isBad(said)) return said;
      this.#said = said;
    }
    if (lengthFault(this.#said, this.#size, this.method) === undefined) return ended;
    return WRONG_LENGTH;
  }

  protected respond(outcome: Outcome): void {
    this.stopFeeding();
    const status = endStatus(outcome, this.context.config.answerHead.exitCodes);
    if (!this.isAnswered) {
      if (status === undefined) this.fail(outcome);
      else this.#answerInOne(status);
    } else if (status !== undefined && (this.#said?.status !== undefined || status === 200)) {
      this.#end();
    } else {
      // What it ended with is not what its client was told.
      this.cut();
    }
  }

  protected discard(): void {
    this.stopFeeding();
    this.#waiting.discard();
  }

  #answerInOne(endStatus: number): void {
    const said = this.#said as AnswerHead;
    const { status = endStatus, length } = said;
    const headers = this.toHeaders(said);
    if (this.bill !== undefined) headers.push(...timingHeader(this.bill));
    this.answerWhole({ status, headers, body: this.#waiting }, length);
    this.#waiting.discard();
  }

  /** The answer to a failure, of which nothing was sent. */
  protected fail(outcome: Outcome, status: number = failureStatus(outcome)): void {
    const headers = ["Content-Type", "text/plain; charset=utf-8", ...outcomeHeader(outcome)];
    if (this.bill !== undefined) headers.push(...timingHeader(this.bill));
    const reason = describeFailure(outcome, this.context.config.command);
    this.answer({ status, headers, body: `${reason}\n` });
    this.#waiting.discard();
  }

  #end(): void {
    const { bill, exchange } = this;
    if (bill !== undefined && this.#trailer().length > 0) {
      exchange.response.addTrailers([timingHeader(bill)]);
    }
    exchange.end();
  }

  #length(status: number): string[] {
    const { length } = this.#said as AnswerHead;
    return length === undefined || status === 204 ? [] : ["Content-Length", String(length)];
  }

  /** What the process cost is known behind its output, which only a chunked answer can say. */
  #trailer(): string[] {
    const isChunked =
      this.method !== "HEAD" &&
      this.exchange.request.httpVersionMinor > 0 &&
      this.#said?.length === undefined;
    return this.context.config.serverTiming && isChunked ? ["Trailer", "Server-Timing"] : [];
  }
}

const sendHead = (invocation: FlowingInvocation) => invocation.sendHead();
