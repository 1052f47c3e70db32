/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? at(sorted, middle)
    : (at(sorted, middle - 1) + at(sorted, middle)) / 2;
}

/** The smallest value that at least `percent` of all values do not exceed (nearest rank). */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = ascending(values);
  const rank = Math.ceil((percent / 100) * sorted.length);
  return at(sorted, Math.max(rank, 1) - 1);
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** One round: both sides, one right after the other. */
export interface Round {
  readonly ours: number;
  readonly theirs: number;
}

/** The spread of the rounds' own ratios. Not a ratio of medians: what disturbs the machine for a while disturbs both sides of a round. */
export function ratios(rounds: readonly Round[]): Spread {
  return spread(rounds.map(({ ours, theirs }) => ours / theirs));
}

function ascending(values: readonly number[]): number[] {
  if (values.length === 0) throw new RangeError("no values");
  return values.toSorted((left, right) => left - right);
}

function at(values: readonly number[], index: number): number {
  return values[index] as number;
}
