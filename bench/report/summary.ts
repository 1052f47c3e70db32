import { type Row, type Verdict, verdict } from "./row.ts";
import { ratios, type Spread, spread } from "./statistics.ts";

/** A row with its figures. */
export interface RowResult {
  readonly row: Row;
  readonly against: string | undefined;
  readonly ours: Spread;
  readonly theirs: Spread | undefined;
  /** Of ours to theirs, round by round. */
  readonly ratio: Spread | undefined;
  readonly verdict: Verdict;
}

export interface RowRound {
  readonly ours: number;
  readonly theirs: number | undefined;
}

/** `against` is the peer's name, or `floor`: bounds are meant against a peer, so nothing is judged against the floor. */
export function summarise(
  row: Row,
  against: string | undefined,
  rounds: readonly RowRound[],
): RowResult {
  const ours = spread(rounds.map((round) => round.ours));
  const pairs = rounds.filter(hasBoth);
  const ratio = pairs.length > 0 ? ratios(pairs) : undefined;
  const judgedRatio = against === "floor" ? undefined : ratio?.median;
  return {
    row,
    against,
    ours,
    theirs: pairs.length > 0 ? spread(pairs.map((round) => round.theirs)) : undefined,
    ratio,
    verdict: verdict(row, row.judged === "ratio" ? judgedRatio : ours.median),
  };
}

function hasBoth(round: RowRound): round is { ours: number; theirs: number } {
  return round.theirs !== undefined;
}
