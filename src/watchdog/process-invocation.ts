import { isBodiless } from "../core/http-grammar.ts";
import type { Bill, Outcome } from "../process/outcome.ts";
import type { Run, RunListener, RunOptions } from "../process/run.ts";
import {
  type AnswerHead,
  type BadAnswer,
  type CompleteHead,
  isBad,
  lengthFault,
  NOTHING_SAID,
  type SaidHead,
  toAnswerHead,
  WRONG_LENGTH,
} from "./answer-head.ts";
import { ControlMessage, TOO_LONG } from "./control-message.ts";
import { endStatus } from "./failure.ts";
import { InputFeeder, type InputSource } from "./input-feeder.ts";
import { Invocation } from "./invocation.ts";
import type { Answer } from "./response.ts";
import type { FunctionLog } from "./telemetry.ts";

/** An invocation with a process of its own: started when the mode has what it needs for that, answered by the outcome. */
export abstract class ProcessInvocation extends Invocation implements RunListener {
  protected run: Run | undefined;
  #errorLog: FunctionLog | undefined;
  #control: ControlMessage | undefined;

  /** The outcome is decided, and the client is waiting. */
  protected abstract respond(outcome: Outcome): void;
  abstract onOutput(chunk: Buffer): void;
  abstract onInputDrain(): void;
  abstract onInputClosed(): void;

  /** The request's variables, or `undefined` where it has more than a process can be given and was told so. */
  protected environment(): string | undefined {
    const { method, head } = this;
    const { request } = this.exchange;
    const { rawHeaders } = request;
    const environment = this.context.buildEnvironment({ method, rawHeaders, head, request });
    if (environment === undefined) this.refuse(431, "the headers fill more than an environment\n");
    return environment;
  }

  /** `body`: all of it, or `undefined` where it is written to the run. */
  protected start(
    environment: string,
    body: Uint8Array | undefined,
    holdOutput: RunOptions["holdOutput"],
  ): void {
    const { config, processes, telemetry } = this.context;
    telemetry.processStarting();
    this.isWorking = true;
    this.run = processes.start(
      {
        environment,
        body,
        deadlineMs: this.deadlineMs,
        combineOutput: config.combineOutput,
        holdOutput,
        controlDescriptor: config.answerHead.controlDescriptor,
      },
      this,
    );
  }

  /** Writes what is kept of a body to the process, once it is pumped. `undefined`: that has failed already. */
  protected createFeeder(source: InputSource): InputFeeder | undefined {
    const { run } = this;
    if (run !== undefined && this.outcome === undefined) {
      return new InputFeeder(source, run, (error) => {
        this.context.telemetry.error(`The body could not be read back: ${error.message}`);
        run.terminate("aborted");
      });
    }
    source.close();
    return undefined;
  }

  /** As if a process had been started and had taken too long. */
  protected override onDeadlinePassed(): void {
    this.discard();
    this.outcome = { kind: "timedOut" };
    this.respond(this.outcome);
  }

  /** An answer that is there as a whole. `length`: of its body, if the program has said it. */
  protected answerWhole(answer: Answer, length: number | undefined): void {
    const { status, headers } = answer;
    if (isBodiless(status)) {
      this.answerHead(status, headers);
      this.exchange.end();
    } else if (this.method === "HEAD" && length !== undefined) {
      this.answerHead(status, [...headers, "Content-Length", String(length)]);
      this.exchange.end();
    } else {
      this.answer(answer);
    }
  }

  onErrorOutput(chunk: Buffer): void {
    this.#errorLog ??= this.context.telemetry.functionLog("stderr");
    this.#errorLog.write(chunk);
  }

  onControlOutput(chunk: Buffer): void {
    this.#control ??= new ControlMessage();
    if (!this.#control.push(chunk)) this.reject(TOO_LONG);
  }

  /** What the program has said on descriptor 3. */
  protected readControl(): SaidHead | BadAnswer | undefined {
    return this.#control?.read();
  }

  /** The same, where nothing else can say anything about the answer's head. */
  protected readControlHead(): AnswerHead | BadAnswer {
    const said = this.readControl();
    if (said === undefined) return NOTHING_SAID;
    return isBad(said) ? said : toAnswerHead(said);
  }

  /** With what an end is answered, where all of an output of this size is its body; `undefined`: as a failure. */
  protected readEnd(ended: Outcome, size: number): CompleteHead | BadAnswer | undefined {
    const status = endStatus(ended, this.context.config.answerHead.exitCodes);
    if (status === undefined) return undefined;
    const said = this.readControlHead();
    if (isBad(said)) return said;
    if (lengthFault(said, size, this.method) !== undefined) return WRONG_LENGTH;
    return { ...said, status: said.status ?? status };
  }

  /** What it has written cannot be an answer: that is the outcome, and the process ends. */
  protected reject(bad: BadAnswer): void {
    this.onOutcome(bad);
    this.run?.terminate("aborted");
  }

  /** How the process has ended, or what is wrong with its answer. */
  protected review(outcome: Outcome): Outcome {
    return outcome;
  }

  onOutcome(ended: Outcome): void {
    // An answer that was rejected.
    if (this.outcome !== undefined) return;
    const outcome = this.review(ended);
    this.outcome = outcome;
    if (this.isAnswerOver) return;
    // The bill follows at once where nothing of the session is left, and can then be in the answer.
    if (this.context.config.serverTiming)
      process.nextTick(() => this.isAnswerOver || this.respond(outcome));
    else this.respond(outcome);
  }

  onGone(bill: Bill): void {
    this.bill = bill;
    this.isWorking = false;
    this.#errorLog?.end();
    this.context.telemetry.processEnded((this.outcome as Outcome).kind, bill);
    this.endIfOver();
  }

  /** A FIN behind the request: without a word about it beforehand, it is a client that went away. */
  onHalfClosed(): void {
    if (this.outcome !== undefined || !this.context.config.cancelOnDisconnect) return;
    this.exchange.abandon();
    this.onClientLeft();
  }

  override onClientLeft(): void {
    super.onClientLeft();
    if (this.context.config.cancelOnDisconnect) this.run?.terminate("aborted");
  }
}
