import { LONGEST_TIMER_MS } from "../../core/duration.ts";
import { Leases } from "./leases.ts";
import type { CallbackClaim, Claim, Queue, Settlement, Stage } from "./queue.ts";

export interface DispatcherOptions<Work extends Claim | CallbackClaim> {
  readonly stage: Stage;
  readonly queue: Queue;
  claim(line: string, limit: number, leaseMs: number): Promise<Work[]>;
  /** What becomes of it. The signal: it is somebody else's by now, or the dispatcher closes. */
  run(work: Work, signal: AbortSignal): Promise<Settlement>;
  /** How much of a line may run at a time; 0: nothing now, ask again later. */
  limitOf(line: string): number | Promise<number>;
  /** How much may run at a time of all lines together. */
  readonly concurrency: number;
  /** Something went wrong that is tried again: the queue, or `run`, which should not reject. */
  onError(error: Error): void;
  /** @defaultValue 30,000 */
  readonly leaseMs?: number;
  /** How often it is looked whether something is due that nobody told of. @defaultValue 1,000 */
  readonly pollMs?: number;
}

const DEFAULTS = Object.freeze({ leaseMs: 30_000, pollMs: 1_000 });

/**
 * Takes what is due from a queue and has it run, each line with a bound of its own and the lines in turn. Whatever runs is
 * leased, and renewed for as long as it does: what a crash leaves behind is taken when the lease has run out, by whoever is
 * there then.
 */
export class Dispatcher<Work extends Claim | CallbackClaim> {
  readonly #options: Required<DispatcherOptions<Work>>;
  readonly #leases: Leases;
  readonly #running = new Map<string, number>();
  readonly #ended = new Set<Promise<void>>();
  readonly #stopWatching: () => void;
  readonly #closing = new AbortController();
  #total = 0;
  #timer: NodeJS.Timeout | undefined;
  #pumping: Promise<void> | undefined;
  #isAgain = false;
  #isClosed = false;
  /** Whose turn comes last. */
  #lastLine = "";

  constructor(options: DispatcherOptions<Work>) {
    this.#options = { ...DEFAULTS, ...options };
    this.#leases = new Leases(options.queue, this.#options.leaseMs, options.onError);
    this.#stopWatching = options.queue.watch(() => this.#wake());
    this.#wake();
  }

  get running(): number {
    return this.#total;
  }

  /**
   * Takes nothing more, waits for what runs, and, when `graceMs` are over, aborts it: what has not finished then is given
   * back, and does not count as a try. Twice is once. Before the queue is closed.
   */
  async close(graceMs: number): Promise<void> {
    this.#stopWatching();
    clearTimeout(this.#timer);
    this.#isClosed = true;
    const abort = setTimeout(
      () => this.#closing.abort(new Error("the gateway is stopping")),
      Math.min(graceMs, LONGEST_TIMER_MS),
    );
    await this.#pumping;
    await Promise.all(this.#ended);
    clearTimeout(abort);
    this.#leases.close();
  }

  #wake(): void {
    if (this.#isClosed) return;
    this.#isAgain = true;
    this.#pumping ??= this.#pump();
  }

  /** One at a time; who comes meanwhile has it go round once more. */
  async #pump(): Promise<void> {
    clearTimeout(this.#timer);
    let nextMs = this.#options.pollMs;
    while (this.#isAgain && !this.#isClosed) {
      this.#isAgain = false;
      try {
        nextMs = await this.#round();
      } catch (error) {
        this.#options.onError(error as Error);
      }
    }
    this.#pumping = undefined;
    if (!this.#isClosed) this.#timer = setTimeout(() => this.#wake(), nextMs);
  }

  /** Returns when the next one is worth while, if nobody wakes it before. */
  async #round(): Promise<number> {
    const { queue, stage, pollMs, concurrency } = this.#options;
    if (this.#total >= concurrency) return pollMs;
    const { lines, nextMs = pollMs } = await queue.due(stage);
    for (const line of this.#inTurn(lines)) {
      if (this.#isClosed || this.#total >= concurrency) break;
      await this.#take(line);
    }
    return Math.min(Math.max(nextMs, 1), pollMs);
  }

  /** Beginning behind the line that came last, so that none waits for ever behind busy ones. */
  #inTurn(lines: readonly string[]): string[] {
    const next = lines.findIndex((line) => line > this.#lastLine);
    return next === -1 ? [...lines] : [...lines.slice(next), ...lines.slice(0, next)];
  }

  async #take(line: string): Promise<void> {
    const { limitOf, claim, leaseMs, concurrency } = this.#options;
    const limit = (await limitOf(line)) - (this.#running.get(line) ?? 0);
    const room = Math.min(limit, concurrency - this.#total);
    if (room <= 0) return;
    // After a sleep of the machine all leases have run out by the clock: what still runs here must not look abandoned.
    await this.#leases.renewOverdue();
    const works = await claim(line, room, leaseMs);
    if (works.length > 0) this.#lastLine = line;
    for (const work of works) this.#begin(line, work);
  }

  #begin(line: string, work: Work): void {
    this.#total++;
    this.#running.set(line, (this.#running.get(line) ?? 0) + 1);
    const ended = this.#run(work).finally(() => {
      this.#total--;
      const left = (this.#running.get(line) ?? 1) - 1;
      if (left > 0) this.#running.set(line, left);
      else this.#running.delete(line);
      this.#ended.delete(ended);
      this.#wake();
    });
    this.#ended.add(ended);
  }

  /** Never rejects. */
  async #run(work: Work): Promise<void> {
    const lost = this.#leases.hold(work.lease);
    const signal = AbortSignal.any([lost, this.#closing.signal]);
    const settlement = await this.#settlementOf(work, signal);
    if (!lost.aborted) await this.#leases.settle(work.lease, settlement, this.#closing.signal);
    this.#leases.release(work.lease);
  }

  async #settlementOf(work: Work, signal: AbortSignal): Promise<Settlement> {
    try {
      const settlement = await this.#options.run(work, signal);
      const isCut = this.#closing.signal.aborted && settlement.kind !== "completed";
      return isCut ? givenBack("the gateway stopped", 0) : settlement;
    } catch (error) {
      if (!signal.aborted) this.#options.onError(error as Error);
      return givenBack((error as Error).message, signal.aborted ? 0 : this.#options.pollMs);
    }
  }
}

function givenBack(reason: string, delayMs: number): Settlement {
  return { kind: "retry", delayMs, reason, isCounted: false };
}
