import type { FunctionLoad } from "./load-counter.ts";
import {
  type CountedLoad,
  type Demand,
  LoadWindow,
  NO_DEMAND,
  RECENT_MS,
  STABLE_MS,
} from "./load-window.ts";

/** What a function was asked, as far back as it matters. One that nobody asks costs a handful of numbers and no ring. */
export class LoadHistory {
  readonly #tickMs: number;
  readonly #firstSeenMs: number;
  #window: LoadWindow | undefined;
  #lastMs: number;
  #last: CountedLoad;
  #replicas: number;
  #raisedMs: number;
  #askedMs: number;

  constructor(nowMs: number, tickMs: number, load: FunctionLoad, replicas: number) {
    this.#tickMs = tickMs;
    this.#firstSeenMs = nowMs;
    this.#lastMs = nowMs;
    this.#last = countedIn(load);
    this.#replicas = replicas;
    this.#raisedMs = nowMs;
    this.#askedMs = nowMs;
  }

  /** Each tick. In the one in which it was first seen, no time has gone by in which it could have been asked anything. */
  observe(nowMs: number, load: FunctionLoad, replicas: number): void {
    if (nowMs <= this.#lastMs) return;
    if (replicas > this.#replicas) this.#raised(nowMs);
    this.#replicas = replicas;
    if (hasBegunAnew(load, this.#last)) this.#forget(load);
    const isAsked =
      load.inFlight > 0 ||
      load.waiting > 0 ||
      load.arrived > this.#last.arrived ||
      load.busyMs > this.#last.busyMs;
    if (isAsked) {
      this.#askedMs = nowMs;
      this.#window ??= this.#createWindow(nowMs);
    } else if (nowMs - this.#askedMs > STABLE_MS + 2 * RECENT_MS) {
      this.#window = undefined;
    }
    this.#window?.add(nowMs, load);
    this.#lastMs = nowMs;
    if (isAsked) this.#last = countedIn(load);
  }

  get demand(): Demand {
    return this.#window?.demand() ?? NO_DEMAND;
  }

  /** For how long nobody has asked, nor wanted more replicas. */
  get idleMs(): number {
    return this.#lastMs - this.#askedMs;
  }

  /** For how long there have been no more replicas than before. */
  get settledMs(): number {
    return this.#lastMs - this.#raisedMs;
  }

  /** Whoever raised it, be it a person, expects something to come. */
  #raised(nowMs: number): void {
    this.#raisedMs = nowMs;
    this.#askedMs = nowMs;
  }

  /** That nobody asked until now is part of the mean. */
  #createWindow(nowMs: number): LoadWindow {
    const window = new LoadWindow(this.#tickMs);
    const startMs = Math.max(this.#firstSeenMs, nowMs - STABLE_MS);
    const recentMs = Math.max(startMs, this.#lastMs - RECENT_MS);
    if (startMs < recentMs) window.add(startMs, this.#last);
    for (let atMs = recentMs; atMs < this.#lastMs; atMs += this.#tickMs)
      window.add(atMs, this.#last);
    window.add(this.#lastMs, this.#last);
    return window;
  }

  #forget(load: FunctionLoad): void {
    this.#window = undefined;
    this.#last = countedIn(load);
  }
}

/** Another function of this name was deployed, and is counted from zero. */
function hasBegunAnew(load: CountedLoad, last: CountedLoad): boolean {
  return load.arrived < last.arrived || load.busyMs < last.busyMs;
}

function countedIn({ arrived, late, refused, busyMs }: CountedLoad): CountedLoad {
  return { arrived, late, refused, busyMs };
}
