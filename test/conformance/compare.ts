import type { Conversation, RecordedAnswer } from "./conversation.ts";

/** One thing that two watchdogs say otherwise. */
export interface Difference {
  /** `status`, `reason`, `header NAME`, `framing`, `body`, `trailers`, `answers` (their number), `rest`, `ending` or `log`. */
  readonly field: string;
  readonly theirs: string;
  readonly ours: string;
  /** Of the answers that it is between. */
  readonly statuses?: readonly [number, number];
}

export function compare(theirs: Conversation, ours: Conversation): readonly Difference[] {
  const [theirCount, ourCount] = [theirs.answers.length, ours.answers.length];
  const both = Math.min(theirCount, ourCount);
  return [
    ...differ("answers", String(theirCount), String(ourCount)),
    ...Array.from({ length: both }, (_, index) =>
      compareAnswers(
        theirs.answers[index] as RecordedAnswer,
        ours.answers[index] as RecordedAnswer,
      ),
    ).flat(),
    ...differ("rest", theirs.rest, ours.rest),
    ...differ("ending", theirs.ending, ours.ending),
    ...differ("log", theirs.log?.join("\n") ?? "", ours.log?.join("\n") ?? ""),
  ];
}

function compareAnswers(theirs: RecordedAnswer, ours: RecordedAnswer): readonly Difference[] {
  const names = new Set([...theirs.headers, ...ours.headers].map(([name]) => name));
  return [
    ...differ("status", String(theirs.status), String(ours.status)),
    ...differ("reason", theirs.reason, ours.reason),
    ...[...names].flatMap((name) =>
      differ(`header ${name}`, valuesOf(theirs, name), valuesOf(ours, name)),
    ),
    ...differ("framing", theirs.framing, ours.framing),
    ...differ("body", theirs.body, ours.body),
    ...differ("trailers", theirs.trailers ?? "", ours.trailers ?? ""),
  ].map((difference) => ({ ...difference, statuses: [theirs.status, ours.status] as const }));
}

const valuesOf = ({ headers }: RecordedAnswer, name: string): string =>
  headers
    .filter(([key]) => key === name)
    .map(([, value]) => JSON.stringify(value))
    .join(", ");

const differ = (field: string, theirs: string, ours: string): readonly Difference[] =>
  theirs === ours ? [] : [{ field, theirs, ours }];
