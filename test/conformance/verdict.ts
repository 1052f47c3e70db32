import type { Difference } from "./compare.ts";
import type { Rule } from "./rule.ts";
import { rules } from "./rules.ts";

export type Verdict = Rule | "must match" | "undecided";

/** What a program makes of a request, and what becomes of it, has to be as it always was. */
const MUST_MATCH = /: (outcomes|a deadline|no such|a folder|echoes|an empty argument|health)/;

/** `used` is told of the rule that has decided. */
export function judge(
  group: string,
  name: string,
  difference: Difference,
  used: Set<Rule> = new Set(),
): Verdict {
  const rule = rules.find((one) => isAbout(one, group, name, difference));
  if (rule === undefined) return MUST_MATCH.test(group) ? "must match" : "undecided";
  used.add(rule);
  return rule;
}

/** A difference of this verdict is a fault of ours, or of the rules. */
export const isFault = (verdict: Verdict): boolean => typeof verdict === "string";

function isAbout(rule: Rule, group: string, name: string, difference: Difference): boolean {
  const { groups, cases, fields, statuses, theirs, ours } = rule;
  return (
    (groups?.test(group) ?? true) &&
    (cases?.includes(name) ?? true) &&
    (fields?.some((field) => difference.field.startsWith(field)) ?? true) &&
    (statuses?.every((status, index) => difference.statuses?.[index] === status) ?? true) &&
    (theirs?.test(difference.theirs) ?? true) &&
    (ours?.test(difference.ours) ?? true)
  );
}
