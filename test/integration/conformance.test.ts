import { readFileSync } from "node:fs";
import { beforeAll, describe, test } from "vitest";
import type { Group, Peer } from "../conformance/case.ts";
import { compare } from "../conformance/compare.ts";
import { groups } from "../conformance/groups.ts";
import { ourVariables } from "../conformance/ours.ts";
import { play, type Recording } from "../conformance/play.ts";
import { readRecordings } from "../conformance/recordings.ts";
import { describeDifference } from "../conformance/report.ts";
import type { Rule } from "../conformance/rule.ts";
import { rules } from "../conformance/rules.ts";
import { isFault, judge } from "../conformance/verdict.ts";
import { ourCommand } from "../support/our-command.ts";

const peers: readonly Peer[] = ["classic-watchdog", "of-watchdog"];
const used = new Set<Rule>();
const faults = new Map<string, readonly string[]>();

/** What differs from what the real one said, and may not. */
async function findFaults(group: Group, theirs: Recording): Promise<readonly string[]> {
  const ours = await play(group, ourCommand(), ourVariables, theirs);
  return group.cases.flatMap(({ name }) => {
    const [recorded, heard] = [theirs[name], ours[name]];
    if (recorded === undefined || heard === undefined) return [`${name}: never recorded`];
    return compare(recorded, heard)
      .map((difference) => ({ difference, verdict: judge(group.name, name, difference, used) }))
      .filter(({ verdict }) => isFault(verdict))
      .map(({ difference, verdict }) => describeDifference(group.name, name, difference, verdict));
  });
}

/** One group after the other: most of the time is waiting for what does not come. */
async function findAll(peer: Peer): Promise<void> {
  const recordings = readRecordings(peer);
  for (const group of groups.filter((one) => one.peers.includes(peer))) {
    faults.set(`${peer}, ${group.name}`, await findFaults(group, recordings[group.name] ?? {}));
  }
}

beforeAll(async () => {
  await Promise.all(peers.map(findAll));
}, 600_000);

for (const peer of peers) {
  describe(`what a client of ${peer} is used to it finds here, but for what is mended or named`, () => {
    for (const { name } of groups.filter((one) => one.peers.includes(peer))) {
      test(name, ({ expect }) => {
        expect(faults.get(`${peer}, ${name}`)).toEqual([]);
      });
    }
  });
}

describe("the list of what differs", () => {
  test("has nothing in it that does not differ", ({ expect }) => {
    expect(rules.filter((rule) => !rule.isRare && !used.has(rule))).toEqual([]);
  });

  test("names rows of the README, and faults and threats by their numbers", ({ expect }) => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const isNamed = ({ kind, why }: Rule) =>
      kind === "mended" ? /^[GT]\d+$/.test(why) : readme.includes(`\n| ${why}`);
    expect(rules.filter((rule) => !isNamed(rule)).map(({ why }) => why)).toEqual([]);
  });
});
