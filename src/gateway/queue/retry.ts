/** How long it takes until the next try. */
export interface Backoff {
  /** Of the first one at most; doubled with each. */
  readonly minWaitMs: number;
  readonly maxWaitMs: number;
}

/**
 * Exponential backoff with full jitter: anything between nothing and the bound, so that those who failed together do not
 * come back together. `tries`: how many have failed, from 1 on. `random`: in [0, 1).
 */
export function retryDelay(
  tries: number,
  { minWaitMs, maxWaitMs }: Backoff,
  random: () => number = Math.random,
): number {
  return Math.floor(random() * Math.min(maxWaitMs, minWaitMs * 2 ** Math.min(tries - 1, 52)));
}
