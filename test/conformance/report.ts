import type { Peer } from "./case.ts";
import type { Difference } from "./compare.ts";
import type { Rule } from "./rule.ts";
import type { Verdict } from "./verdict.ts";

/** One difference, for people. */
export function describeDifference(
  group: string,
  name: string,
  difference: Difference,
  verdict: Verdict,
): string {
  const { field, theirs, ours } = difference;
  const kind = typeof verdict === "string" ? verdict : `${verdict.kind} (${verdict.why})`;
  return `${kind}: ${group} / ${name} / ${field}: ${quote(theirs)} -> ${quote(ours)}`;
}

const quote = (text: string): string =>
  JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}...` : text);

/** The last line. */
export function summarise(
  peer: Peer,
  groupCount: number,
  counts: ReadonlyMap<string, number>,
): string {
  const kinds: readonly (Rule["kind"] | "must match" | "undecided")[] = [
    "mended",
    "deviation",
    "must match",
    "undecided",
  ];
  const parts = kinds.map((kind) => `${counts.get(kind) ?? 0} ${kind}`);
  return `${peer}, ${groupCount} groups; differences: ${parts.join(", ")}`;
}
