import type { FunctionLoad } from "./load-counter.ts";

/** Load counts as it was over this time; Knative's stable window. */
export const STABLE_MS = 60_000;
/** A burst shows itself in this time: a tenth, Knative's panic window. */
export const RECENT_MS = 6_000;

/** Mean load over some time. */
export interface Rates {
  /** Requests in flight. By Little's law: what comes in a second times how many seconds it takes. */
  readonly inFlight: number;
  /** Requests that came in a second. */
  readonly perSecond: number;
}

/** What a window of samples says. */
export interface Demand {
  readonly stable: Rates;
  readonly recent: Rates;
  /** The highest means over six seconds within the stable window, each for itself. */
  readonly peak: Rates;
  /** Of what came in the last six seconds, how much waited too long or in vain: 0 to 1. */
  readonly lateShare: number;
  /** How many were refused since the sample before. */
  readonly refused: number;
}

const NO_RATES: Rates = Object.freeze({ inFlight: 0, perSecond: 0 });

export const NO_DEMAND: Demand = Object.freeze({
  stable: NO_RATES,
  recent: NO_RATES,
  peak: NO_RATES,
  lateShare: 0,
  refused: 0,
});

export type CountedLoad = Pick<FunctionLoad, "arrived" | "late" | "refused" | "busyMs">;

/**
 * A ring of samples, as many as the stable window has: counters that only grow, so that a mean over any time is one
 * subtraction.
 */
export class LoadWindow {
  readonly #capacity: number;
  readonly #values: Float64Array;
  #first = 0;
  #count = 0;

  /** `tickMs`: from one sample to the next. */
  constructor(tickMs: number) {
    // One more at each end, since timers are never early and often late.
    this.#capacity = Math.ceil(STABLE_MS / tickMs) + 3;
    this.#values = new Float64Array(this.#capacity * FIELDS);
  }

  /** Later than those before. */
  add(atMs: number, load: CountedLoad): void {
    if (this.#count === this.#capacity) this.#first = (this.#first + 1) % this.#capacity;
    else this.#count++;
    const { arrived, late, refused, busyMs } = load;
    this.#values.set([atMs, arrived, late, refused, busyMs], this.#offset(this.#count - 1));
  }

  demand(): Demand {
    const last = this.#count - 1;
    if (last < 1) return NO_DEMAND;
    const recentStart = this.#before(last, RECENT_MS);
    const arrived = this.#grown(recentStart, last, ARRIVED);
    return {
      stable: this.#rates(this.#before(last, STABLE_MS), last),
      recent: this.#rates(recentStart, last),
      peak: this.#peak(last),
      lateShare: arrived === 0 ? 0 : this.#grown(recentStart, last, LATE) / arrived,
      refused: this.#grown(last - 1, last, REFUSED),
    };
  }

  #peak(last: number): Rates {
    const start = this.#read(last, AT) - STABLE_MS;
    let [inFlight, perSecond] = [0, 0];
    for (let end = last; end > 0 && this.#read(end, AT) > start; end--) {
      const rates = this.#rates(this.#before(end, RECENT_MS), end);
      inFlight = Math.max(inFlight, rates.inFlight);
      perSecond = Math.max(perSecond, rates.perSecond);
    }
    return { inFlight, perSecond };
  }

  #rates(start: number, end: number): Rates {
    const milliseconds = this.#grown(start, end, AT);
    return {
      inFlight: this.#grown(start, end, BUSY) / milliseconds,
      perSecond: (this.#grown(start, end, ARRIVED) * 1000) / milliseconds,
    };
  }

  /** The newest sample that is so much older than this one, or the oldest there is. */
  #before(index: number, milliseconds: number): number {
    const until = this.#read(index, AT) - milliseconds;
    let before = index - 1;
    while (before > 0 && this.#read(before, AT) > until) before--;
    return before;
  }

  #grown(start: number, end: number, field: number): number {
    return this.#read(end, field) - this.#read(start, field);
  }

  #read(index: number, field: number): number {
    return this.#values[this.#offset(index) + field] as number;
  }

  #offset(index: number): number {
    return ((this.#first + index) % this.#capacity) * FIELDS;
  }
}

const [AT, ARRIVED, LATE, REFUSED, BUSY, FIELDS] = [0, 1, 2, 3, 4, 5];
