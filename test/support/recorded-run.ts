import { createHash } from "node:crypto";
import type { Bill, Outcome } from "../../src/process/outcome.ts";
import type { Processes, Run, RunListener, RunOptions } from "../../src/process/run.ts";

/** Output beyond this is hashed and counted, not kept. */
const KEPT_BYTES = 4 * 1024 * 1024;

const DEFAULTS: RunOptions = {
  environment: "",
  body: new Uint8Array(),
  deadlineMs: 0,
  combineOutput: false,
  holdOutput: false,
};

/** Starts a run, keeps what its listener is told, and notes every breach of the listener's contract. */
export function startRecorded(
  processes: Processes,
  options: Partial<RunOptions> = {},
  react: Partial<RunListener> = {},
): RecordedRun {
  const recorded = new RecordedRun(react);
  recorded.run = processes.start({ ...DEFAULTS, ...options }, recorded);
  return recorded;
}

export class RecordedRun implements RunListener {
  run!: Run;
  /** What the listener was told, in order; a word each. */
  readonly events: string[] = [];
  readonly breaches: string[] = [];
  outputBytes = 0;
  largestChunk = 0;
  inputClosed = false;
  bill: Bill | undefined;
  decidedOutcome: Outcome | undefined;
  readonly #react: Partial<RunListener>;
  readonly #output: Buffer[] = [];
  readonly #errorOutput: Buffer[] = [];
  readonly #controlOutput: Buffer[] = [];
  readonly #hash = createHash("sha256");
  readonly #outcome = Promise.withResolvers<Outcome>();
  readonly #gone = Promise.withResolvers<Bill>();
  #drained = Promise.withResolvers<void>();

  constructor(react: Partial<RunListener>) {
    this.#react = react;
  }

  /** How it ended; rejects where the listener's contract was broken on the way. */
  get outcome(): Promise<Outcome> {
    return this.#outcome.promise;
  }

  /** The bill, once nothing of the session is left and every promise of the listener was kept. */
  async gone(): Promise<Bill> {
    const bill = await this.#gone.promise;
    if (this.breaches.length > 0) {
      throw new Error(this.breaches.join("; "));
    }
    return bill;
  }

  get output(): string {
    return Buffer.concat(this.#output).toString("latin1");
  }

  get errorOutput(): string {
    return Buffer.concat(this.#errorOutput).toString("latin1");
  }

  get controlOutput(): string {
    return Buffer.concat(this.#controlOutput).toString("latin1");
  }

  outputHash(): string {
    return this.#hash.copy().digest("hex");
  }

  /** Writes and waits where the run asks for it; false: nobody reads any more. */
  async write(chunk: Uint8Array): Promise<boolean> {
    if (!this.run.write(chunk) && !this.inputClosed && this.decidedOutcome === undefined) {
      await this.#drained.promise;
    }
    return !this.inputClosed && this.decidedOutcome === undefined;
  }

  onOutput(chunk: Buffer): void {
    this.#note("output", this.decidedOutcome === undefined && chunk.length > 0);
    this.outputBytes += chunk.length;
    this.largestChunk = Math.max(this.largestChunk, chunk.length);
    this.#hash.update(chunk);
    if (this.outputBytes <= KEPT_BYTES) {
      this.#output.push(chunk);
    }
    this.#react.onOutput?.(chunk);
  }

  onErrorOutput(chunk: Buffer): void {
    this.#note("errorOutput", this.bill === undefined && chunk.length > 0);
    this.#errorOutput.push(chunk);
    this.#react.onErrorOutput?.(chunk);
  }

  onControlOutput(chunk: Buffer): void {
    this.#note("controlOutput", this.decidedOutcome === undefined && chunk.length > 0);
    this.#controlOutput.push(chunk);
    this.#react.onControlOutput?.(chunk);
  }

  onOutcome(outcome: Outcome): void {
    this.#note("outcome", this.decidedOutcome === undefined && this.bill === undefined);
    this.decidedOutcome = outcome;
    this.#react.onOutcome?.(outcome);
    this.#outcome.resolve(outcome);
    this.#drained.resolve();
  }

  onGone(bill: Bill): void {
    this.#note("gone", this.decidedOutcome !== undefined && this.bill === undefined);
    this.bill = bill;
    this.#react.onGone?.(bill);
    this.#gone.resolve(bill);
  }

  onInputDrain(): void {
    this.#note("inputDrain", this.decidedOutcome === undefined);
    this.#drained.resolve();
    this.#drained = Promise.withResolvers();
    this.#react.onInputDrain?.();
  }

  onInputClosed(): void {
    this.#note("inputClosed", this.decidedOutcome === undefined && !this.inputClosed);
    this.inputClosed = true;
    this.#drained.resolve();
    this.#react.onInputClosed?.();
  }

  #note(event: string, isInOrder: boolean): void {
    if (!isInOrder) {
      this.breaches.push(`${event} after ${this.events.join(",").slice(-60)}`);
    }
    if (this.events.at(-1) !== event) {
      this.events.push(event);
    }
  }
}
