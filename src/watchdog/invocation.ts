import type { Exchange } from "../http/exchange.ts";
import type { BodyFailure, ExchangeListener } from "../http/exchange-listener.ts";
import type { RequestHead } from "../http/request-head.ts";
import type { Bill, Outcome } from "../process/outcome.ts";
import type { Run, RunListener } from "../process/run.ts";
import { refuseAdmission } from "./admission.ts";
import type { InvocationContext } from "./invocation-context.ts";
import { CLIENT_LEFT, toRecord } from "./invocation-record.ts";
import type { Answer } from "./response.ts";
import type { FunctionLog } from "./telemetry.ts";

/** A request that asks whether the function is ready is nobody's request: not limited, not counted, not logged. */
export type InvocationKind = "request" | "probe";

/**
 * One request through to its end: it takes a place, starts a process when the mode has what it needs for that, answers by
 * the outcome, and gives the place back when the answer is sent and nothing of the process is left.
 */
export abstract class Invocation implements ExchangeListener, RunListener {
  protected readonly context: InvocationContext;
  protected readonly exchange: Exchange;
  protected readonly head: RequestHead;
  protected run: Run | undefined;
  protected outcome: Outcome | undefined;
  protected bill: Bill | undefined;
  /** The answer has begun, or nobody is there to have one. */
  protected isAnswered = false;
  /** It was sent, or its client has left. */
  protected isAnswerOver = false;
  readonly #kind: InvocationKind;
  #status = 0;
  #milliseconds = 0;
  #hasPlace = false;
  #isRefused = false;
  /** There is a process, or what it left behind. */
  #isRunning = false;
  #errorLog: FunctionLog | undefined;

  constructor(
    context: InvocationContext,
    exchange: Exchange,
    head: RequestHead,
    kind: InvocationKind,
  ) {
    this.context = context;
    this.exchange = exchange;
    this.head = head;
    this.#kind = kind;
  }

  /** A place is taken: what the mode does from here on. */
  protected abstract admitted(): void;
  /** The outcome is decided, and the client is waiting. */
  protected abstract respond(outcome: Outcome): void;
  /** There will be no process any more, or nobody has a use for its answer: what is kept for it can go. */
  protected abstract discard(): void;
  abstract onOutput(chunk: Buffer): void;
  abstract onInputDrain(): void;
  abstract onInputClosed(): void;
  abstract onBodyFailed(failure: BodyFailure): void;
  abstract onWritable(): void;

  onTurn(): void {
    if (this.#kind === "request") this.context.telemetry.requestStarted();
    if (this.takePlace()) this.admitted();
  }

  /** False: there is none, and the client was told so. */
  protected takePlace(): boolean {
    const { admission } = this.context;
    if (this.#kind === "probe") return true;
    this.#hasPlace = admission.enter();
    if (!this.#hasPlace) this.answer(refuseAdmission(admission.limit));
    return this.#hasPlace;
  }

  protected leavePlace(): void {
    if (this.#hasPlace) this.context.admission.leave();
    this.#hasPlace = false;
  }

  /** The request's variables, or `undefined` where it has more than a process can be given and was told so. */
  protected environment(): string | undefined {
    const { method, head } = this;
    const { rawHeaders } = this.exchange.request;
    const environment = this.context.buildEnvironment({ method, rawHeaders, head });
    if (environment === undefined) this.refuse(431, "the headers fill more than an environment\n");
    return environment;
  }

  /** `body`: all of it, or `undefined` where it is written to the run. */
  protected start(environment: string, body: Uint8Array | undefined, isHeld: boolean): void {
    const { config, processes, telemetry } = this.context;
    telemetry.processStarting();
    this.#isRunning = true;
    this.run = processes.start(
      {
        environment,
        body,
        deadlineMs: config.execTimeoutMs,
        combineOutput: config.combineOutput,
        holdOutput: isHeld,
      },
      this,
    );
  }

  protected get method(): string {
    return this.exchange.request.method as string;
  }

  protected answer({ status, headers, body }: Answer): void {
    this.isAnswered = true;
    this.#status = status;
    this.exchange.answer(status, headers, body);
  }

  /** An answer that is the watchdog's own. */
  protected refuse(status: number, body: string): void {
    this.#isRefused = true;
    const headers = ["Content-Type", "text/plain; charset=utf-8", "X-Breeze-Outcome", "refused"];
    this.answer({ status, headers, body });
  }

  /** The beginning of an answer that goes on as the process writes it. */
  protected answerHead(status: number, headers: string[]): void {
    this.isAnswered = true;
    this.#status = status;
    this.exchange.writeHead(status, headers);
  }

  /** The answer cannot be completed, and must not look as if it were. */
  protected cut(): void {
    this.exchange.cut();
    this.onAnswerSent();
  }

  onErrorOutput(chunk: Buffer): void {
    this.#errorLog ??= this.context.telemetry.functionLog("stderr");
    this.#errorLog.write(chunk);
  }

  onOutcome(outcome: Outcome): void {
    this.outcome = outcome;
    if (this.isAnswerOver) return;
    // The bill follows at once where nothing of the session is left, and can then be in the answer.
    if (this.context.config.serverTiming)
      process.nextTick(() => this.isAnswerOver || this.respond(outcome));
    else this.respond(outcome);
  }

  onGone(bill: Bill): void {
    this.bill = bill;
    this.#isRunning = false;
    this.#errorLog?.end();
    this.context.telemetry.processEnded((this.outcome as Outcome).kind, bill);
    this.#end();
  }

  /** A FIN behind the request: without a word about it beforehand, it is a client that went away. */
  onHalfClosed(): void {
    if (this.outcome !== undefined || !this.context.config.cancelOnDisconnect) return;
    this.exchange.abandon();
    this.onClientLeft();
  }

  onClientLeft(): void {
    this.isAnswered = true;
    this.discard();
    this.#answerOver(CLIENT_LEFT);
    if (this.context.config.cancelOnDisconnect) this.run?.terminate("aborted");
  }

  onAnswerSent(): void {
    this.#answerOver(this.#status);
  }

  #answerOver(status: number): void {
    this.isAnswerOver = true;
    this.#status = status;
    this.#milliseconds = this.exchange.seconds * 1000;
    if (this.#kind === "request") {
      this.context.telemetry.requestEnded(this.method, status, this.#milliseconds / 1000);
    }
    this.#end();
  }

  /** Once, when the answer is over and nothing of the process is left, whichever comes last. */
  #end(): void {
    if (!this.isAnswerOver || this.#isRunning) return;
    this.leavePlace();
    if (this.#kind === "probe") return;
    const { bill } = this;
    const outcome = this.#isRefused ? undefined : this.outcome;
    const { command } = this.context.config;
    const end = { status: this.#status, milliseconds: this.#milliseconds, outcome, bill, command };
    this.context.telemetry.invocationEnded(toRecord(this.exchange, this.head.path, end));
  }
}
