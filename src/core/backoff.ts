/** A life as long as this makes up for all failures before. */
const GOOD_LIFE_MS = 10_000;
const FIRST_MS = 100;

/** How long what ends by itself again and again is left alone. */
export class Backoff {
  readonly #longestMs: number;
  #failures = 0;

  constructor(longestMs: number) {
    this.#longestMs = longestMs;
  }

  /** `servedMs`: for how long it took requests; 0 where it never came to that. The first failure behind a good life costs nothing. */
  next(servedMs: number): number {
    if (servedMs >= GOOD_LIFE_MS) this.#failures = 0;
    else if (servedMs === 0) this.#failures = Math.max(this.#failures, 1);
    const failures = this.#failures++;
    return failures === 0 ? 0 : Math.min(FIRST_MS * 2 ** (failures - 1), this.#longestMs);
  }
}
