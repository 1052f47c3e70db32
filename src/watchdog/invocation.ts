import type { Exchange } from "../http/exchange.ts";
import type { BodyFailure, ExchangeListener } from "../http/exchange-listener.ts";
import type { RequestHead } from "../http/request-head.ts";
import type { Bill, Outcome } from "../process/outcome.ts";
import type { Access, Denial } from "./access.ts";
import { awaitCaller, type CallerDeadline } from "./deadline.ts";
import type { InvocationContext } from "./invocation-context.ts";
import { CLIENT_LEFT, type Served, toRecord } from "./invocation-record.ts";
import { Place } from "./place.ts";
import { refuseAdmission } from "./refusal.ts";
import type { Answer } from "./response.ts";

/** A request that asks whether the function is ready is nobody's request: not limited, not counted, not logged. */
export type InvocationKind = "request" | "probe";

/**
 * One request through to its end, whoever answers it: it takes a place, is answered, and gives the place back when the
 * answer is over and nothing works for it any more.
 */
export abstract class Invocation implements ExchangeListener {
  protected readonly context: InvocationContext;
  protected readonly exchange: Exchange;
  protected readonly head: RequestHead;
  /** How what the client heard of ended, and what it cost: for the log. */
  protected outcome: Outcome | undefined;
  protected bill: Bill | undefined;
  /** The same where what answered is no process of its own. */
  protected served: Served | undefined;
  /** The answer has begun, or nobody is there to have one. */
  protected isAnswered = false;
  /** It was sent, or its client has left. */
  protected isAnswerOver = false;
  /** Something is at work for it, or has left something behind. */
  protected isWorking = false;
  readonly #kind: InvocationKind;
  readonly #place: Place;
  #status = 0;
  #milliseconds = 0;
  #isRefused = false;
  #denial: Denial | undefined;
  #deadline: CallerDeadline | undefined;

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
    this.#place = new Place(context.admission);
  }

  /** A place is taken: what the mode does from here on. */
  protected abstract admitted(): void;
  /** Nobody has a use for an answer any more: what is kept for it can go. */
  protected abstract discard(): void;
  abstract onBodyFailed(failure: BodyFailure): void;
  abstract onWritable(): void;
  abstract onHalfClosed(): void;

  onTurn(): void {
    if (this.#kind === "request") this.context.telemetry.requestStarted();
    this.#deadline = awaitCaller(this.exchange, this.context.config.execTimeoutMs, () => {
      if (!this.isAnswered && !this.isWorking) this.onDeadlinePassed();
    });
    const { access } = this.context;
    if (access === undefined || this.#kind === "probe") this.#enter();
    else void this.#authorize(access);
  }

  /** Before a place is taken: who is not let in must not keep others out. */
  async #authorize(access: Access): Promise<void> {
    const denial = await access.authorize(this.exchange);
    // Its client has left meanwhile, or was told what else is wrong.
    if (this.isAnswered) return;
    this.#denial = denial;
    if (denial === undefined) this.#enter();
    else this.answer(denial.answer);
  }

  #enter(): void {
    if (this.#kind === "probe" || this.#place.take()) this.admitted();
    else this.#waitForPlace();
  }

  #waitForPlace(): void {
    const { config } = this.context;
    const { fairBy } = config.queue;
    const caller = fairBy === undefined ? "" : String(this.exchange.request.headers[fairBy] ?? "");
    this.exchange.postponeBody();
    this.#place.wait(
      {
        onPlace: () => this.admitted(),
        onRefused: (refusal) => this.answer(refuseAdmission(refusal, config)),
      },
      caller,
    );
  }

  /** The caller's time (`X-Timeout`) is over before anything works for it: where a mode has a status of its own, that. */
  protected onDeadlinePassed(): void {
    const headers = ["Content-Type", "text/plain; charset=utf-8", "X-Breeze-Outcome", "timeout"];
    this.outcome = { kind: "timedOut" };
    this.answer({ status: 504, headers, body: "the time that X-Timeout allows is over\n" });
  }

  /** For what starts now, in milliseconds: what is left of the caller's time, else `exec_timeout`. 0: no limit. */
  protected get deadlineMs(): number {
    return this.#deadline?.leftMs ?? this.context.config.execTimeoutMs;
  }

  /** For somebody else, until it is taken again. */
  protected leavePlace(): void {
    this.#place.leave();
  }

  /** Goes on when there is one, which is before newcomers have theirs. */
  protected takePlaceAgain(goOn: () => void): void {
    if (this.#kind === "probe" || this.#place.take()) goOn();
    else this.#place.waitAgain({ onPlace: goOn, onRefused() {} });
  }

  protected get method(): string {
    return this.exchange.request.method as string;
  }

  protected answer({ status, headers, body }: Answer): void {
    this.isAnswered = true;
    this.#status = status;
    this.#place.stopWaiting();
    this.exchange.answer(status, headers, body);
  }

  /** An answer that is the watchdog's own. */
  protected refuse(status: number, body: string): void {
    this.#isRefused = true;
    const headers = ["Content-Type", "text/plain; charset=utf-8", "X-Breeze-Outcome", "refused"];
    this.answer({ status, headers, body });
  }

  /** The beginning of an answer that goes on as it is made. */
  protected answerHead(status: number, headers: string[]): void {
    this.isAnswered = true;
    this.#status = status;
    this.exchange.writeHead(status, headers);
  }

  /** The answer goes to the client in another way than through its exchange. */
  protected answerElsewhere(status: number): void {
    this.isAnswered = true;
    this.#status = status;
  }

  /** The answer cannot be completed, and must not look as if it were. */
  protected cut(): void {
    this.exchange.cut();
    this.onAnswerSent();
  }

  onClientLeft(): void {
    this.isAnswered = true;
    this.discard();
    this.#answerOver(CLIENT_LEFT);
  }

  onAnswerSent(): void {
    this.#answerOver(this.#status);
  }

  #answerOver(status: number): void {
    this.isAnswerOver = true;
    this.#deadline?.cancel();
    this.#place.stopWaiting();
    this.#status = status;
    this.#milliseconds = this.exchange.seconds * 1000;
    if (this.#kind === "request") {
      this.context.telemetry.requestEnded(this.method, status, this.#milliseconds / 1000);
    }
    this.endIfOver();
  }

  /** Once, when the answer is over and nothing works for it any more, whichever comes last. */
  protected endIfOver(): void {
    if (!this.isAnswerOver || this.isWorking) return;
    this.#place.leave();
    if (this.#kind === "probe") return;
    const end = {
      status: this.#status,
      milliseconds: this.#milliseconds,
      waitedMs: this.#place.waitedMs,
      outcome: this.#isRefused ? undefined : this.outcome,
      served: this.served,
      denied: this.#denial?.reason,
      bill: this.bill,
      command: this.context.config.command,
    };
    this.context.telemetry.invocationEnded(toRecord(this.exchange, this.head.path, end));
  }
}
