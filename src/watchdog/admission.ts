import { FairQueue } from "./fair-queue.ts";
import type { Telemetry } from "./telemetry.ts";

/** Why a request gets no place: there is no queue, the queue is full, it took too long, or the watchdog stops. */
export type Refusal = "full" | "queue-full" | "timeout" | "stopping";

/** Somebody who waits for a place: called once, unless it is withdrawn before. */
export interface Waiter {
  /** It is taken for it. */
  onPlace(): void;
  onRefused(refusal: Refusal): void;
}

export interface AdmissionOptions {
  /** How many places there are; 0: any number. */
  readonly limit: number;
  /** How many may wait for one; 0: nobody. */
  readonly maxQueue: number;
  /** For how long; 0: for as long as it takes. */
  readonly queueTimeoutMs: number;
  readonly telemetry: Pick<Telemetry, "waitStarted" | "waitEnded">;
}

/** Who may be worked for now, and who waits for it. */
export class Admission {
  readonly options: AdmissionOptions;
  readonly #queue = new FairQueue<Waiter>();
  /** They were let in already and come back: before all others, and never refused. */
  readonly #returning = new Set<Waiter>();
  #taken = 0;
  #isGranting = false;
  #isClosed = false;

  constructor(options: AdmissionOptions) {
    this.options = options;
  }

  /** The next one who comes would be refused. */
  get isFull(): boolean {
    const { limit, maxQueue } = this.options;
    if (limit === 0 || this.#taken < limit) return false;
    return this.#isClosed || this.#waiting >= maxQueue;
  }

  /** Takes a place, if there is one that nobody waits for. Whoever has it gives it back, once. */
  enter(): boolean {
    const { limit } = this.options;
    if (limit > 0 && (this.#taken >= limit || this.#waiting > 0)) return false;
    this.#taken++;
    return true;
  }

  /**
   * Behind others of the same caller. Where the queue is full, a caller with clearly more of them than this one makes room.
   * `undefined`: it waits.
   */
  wait(waiter: Waiter, caller: string): Refusal | undefined {
    const { maxQueue } = this.options;
    if (maxQueue === 0) return "full";
    if (this.#isClosed) return "stopping";
    if (this.#waiting >= maxQueue) {
      const pushedOut = this.#queue.makeRoomFor(caller);
      if (pushedOut === undefined) return "queue-full";
      pushedOut.onRefused("queue-full");
    }
    this.#queue.add(waiter, caller);
    return undefined;
  }

  waitAgain(waiter: Waiter): void {
    this.#returning.add(waiter);
  }

  /** It waits no more. */
  withdraw(waiter: Waiter, caller: string): void {
    if (!this.#returning.delete(waiter)) this.#queue.remove(waiter, caller);
  }

  leave(): void {
    this.#taken--;
    // A place that is given back as soon as it was taken must not become a recursion as deep as the queue is long.
    if (this.#isGranting) return;
    this.#isGranting = true;
    this.#grant();
    this.#isGranting = false;
  }

  /** The watchdog stops: whoever has not been let in yet is sent away, and nobody waits any more but those who come back. */
  close(): void {
    this.#isClosed = true;
    for (const waiter of this.#queue.clear()) waiter.onRefused("stopping");
  }

  get #waiting(): number {
    return this.#queue.size + this.#returning.size;
  }

  #grant(): void {
    while (this.#taken < this.options.limit && this.#waiting > 0) {
      const waiter = this.#shiftReturning() ?? (this.#queue.shift() as Waiter);
      this.#taken++;
      waiter.onPlace();
    }
  }

  #shiftReturning(): Waiter | undefined {
    const [first] = this.#returning;
    if (first !== undefined) this.#returning.delete(first);
    return first;
  }
}
