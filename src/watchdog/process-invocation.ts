import type { Bill, Outcome } from "../process/outcome.ts";
import type { Run, RunListener } from "../process/run.ts";
import { Invocation } from "./invocation.ts";
import type { FunctionLog } from "./telemetry.ts";

/** An invocation with a process of its own: started when the mode has what it needs for that, answered by the outcome. */
export abstract class ProcessInvocation extends Invocation implements RunListener {
  protected run: Run | undefined;
  #errorLog: FunctionLog | undefined;

  /** The outcome is decided, and the client is waiting. */
  protected abstract respond(outcome: Outcome): void;
  abstract onOutput(chunk: Buffer): void;
  abstract onInputDrain(): void;
  abstract onInputClosed(): void;

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
    this.isWorking = true;
    this.run = processes.start(
      {
        environment,
        body,
        deadlineMs: this.deadlineMs,
        combineOutput: config.combineOutput,
        holdOutput: isHeld,
      },
      this,
    );
  }

  /** As if a process had been started and had taken too long. */
  protected override onDeadlinePassed(): void {
    this.discard();
    this.outcome = { kind: "timedOut" };
    this.respond(this.outcome);
  }

  onErrorOutput(chunk: Buffer): void {
    this.#errorLog ??= this.context.telemetry.functionLog("stderr");
    this.#errorLog.write(chunk);
  }

  onControlOutput(): void {}

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
