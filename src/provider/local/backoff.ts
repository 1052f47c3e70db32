/** A life as long as this makes up for all failures before. */
const GOOD_LIFE_MS = 10_000;
const FIRST_MS = 100;
const LONGEST_MS = 30_000;

/** How long a function whose replicas end by themselves is left alone. */
export class Backoff {
  #failures = 0;

  /** `servedMs`: for how long the replica took requests. The first failure behind a good life costs nothing. */
  next(servedMs: number): number {
    if (servedMs >= GOOD_LIFE_MS) this.#failures = 0;
    else if (servedMs === 0) this.#failures = Math.max(this.#failures, 1);
    const failures = this.#failures++;
    return failures === 0 ? 0 : Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
  }
}
