import { setTimeout as delay } from "node:timers/promises";
import type { Group } from "./case.ts";
import type { Conversation } from "./conversation.ts";
import { talk } from "./talk.ts";
import { RunningWatchdog } from "./watchdog.ts";

/** What a watchdog said in the cases of a group, by their names. */
export type Recording = Readonly<Record<string, Conversation>>;

/** Plays a group to a watchdog. `expected`: what another one said, so that the end of an answer need not be guessed. */
export async function play(
  group: Group,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
  expected: Recording | undefined,
): Promise<Recording> {
  using surroundings = await group.surround?.();
  const all = { ...group.variables, ...surroundings?.variables, ...variables };
  await using watchdog = await RunningWatchdog.start(command, all);
  if (surroundings !== undefined) await watchdog.untilServing();
  const heard: Record<string, Conversation> = {};
  for (const one of group.cases) {
    const before = watchdog.logLines.length;
    const conversation = await talk(watchdog.port, one, expected?.[one.name]);
    heard[one.name] = group.comparesLog
      ? { ...conversation, log: await newLines(watchdog, before, expected?.[one.name]) }
      : conversation;
  }
  return heard;
}

/** What was logged meanwhile: the line of a request may come behind its answer. */
async function newLines(
  watchdog: RunningWatchdog,
  before: number,
  expected: Conversation | undefined,
): Promise<readonly string[]> {
  const lines = () => watchdog.logLines.slice(before).map(withoutTimes);
  const wanted = expected?.log?.length ?? Number.POSITIVE_INFINITY;
  const endsAt = performance.now() + (expected === undefined ? 400 : 10_000);
  while (lines().length < wanted && performance.now() < endsAt) await delay(10);
  return lines();
}

const withoutTimes = (line: string): string => line.replace(/\d+\.\d{4,6}(?=s\b)/g, "SECONDS");
