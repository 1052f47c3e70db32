import type { Rate } from "./rate.ts";

/** Lets as many pass as a rate allows. Numbers only: nothing is made for a request. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #left: number;
  #countedAt: number;

  constructor({ perSecond, burst }: Rate, nowMs: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#left = burst;
    this.#countedAt = nowMs;
  }

  /** 0: one may pass, and has. Else how many milliseconds it is until one may. */
  take(nowMs: number): number {
    // A clock that goes back gives nothing, and takes nothing.
    const elapsedMs = Math.max(0, nowMs - this.#countedAt);
    this.#countedAt = nowMs;
    this.#left = Math.min(this.#burst, this.#left + elapsedMs * this.#perMs);
    if (this.#left < 1) return (1 - this.#left) / this.#perMs;
    this.#left -= 1;
    return 0;
  }
}
