import { parseArgs } from "node:util";
import { parseOrExit } from "../../bench/parse-or-exit.ts";
import { ourCommand } from "../support/our-command.ts";
import { compare } from "./compare.ts";
import { groups } from "./groups.ts";
import { ourVariables } from "./ours.ts";
import { play, type Recording } from "./play.ts";
import { writeRecordings } from "./recordings.ts";
import { describeDifference, summarise } from "./report.ts";
import { isFault, judge } from "./verdict.ts";
import { whichPeer } from "./which-peer.ts";

const usage = `Plays one script of requests against this watchdog and another one, and prints every difference with its class.

  npm run conformance -- --against PATH [--ours PATH] [--only TEXT] [--record] [--all]

  --against PATH   a binary of classic-watchdog or of-watchdog; its metrics need port 8081
  --ours PATH      the packaged file; without it the source runs
  --only TEXT      groups whose name has TEXT in it
  --record         keeps what it said, for the test suite
  --all            prints the differences that are decided too, one by one

Exits with 1 where a difference is undecided, or must not be.`;

await main(parseOrExit(usage, parse));

function parse() {
  const { values } = parseArgs({
    options: {
      against: { type: "string" },
      ours: { type: "string" },
      only: { type: "string", default: "" },
      record: { type: "boolean", default: false },
      all: { type: "boolean", default: false },
    },
  });
  if (values.against !== undefined) return { ...values, against: values.against };
  throw new Error("--against is missing: the path of a watchdog's binary");
}

type Options = ReturnType<typeof parse>;

async function main(options: Options): Promise<void> {
  const peer = await whichPeer(options.against);
  const chosen = groups.filter(
    ({ name, peers }) => peers.includes(peer) && name.includes(options.only),
  );
  const recordings: Record<string, Recording> = {};
  const counts = new Map<string, number>();
  for (const group of chosen) {
    const theirs = await play(group, [options.against], {}, undefined);
    const ours = await play(group, ourCommand(options.ours), ourVariables, theirs);
    recordings[group.name] = theirs;
    report(group.name, theirs, ours, options.all, counts);
  }
  if (options.record) writeRecordings(peer, recordings);
  const faults = (counts.get("must match") ?? 0) + (counts.get("undecided") ?? 0);
  console.log(`\n${summarise(peer, chosen.length, counts)}`);
  process.exitCode = faults > 0 ? 1 : 0;
}

function report(
  group: string,
  theirs: Recording,
  ours: Recording,
  isAll: boolean,
  counts: Map<string, number>,
): void {
  for (const [name, conversation] of Object.entries(theirs)) {
    for (const difference of compare(conversation, ours[name] ?? conversation)) {
      const verdict = judge(group, name, difference);
      const kind = typeof verdict === "string" ? verdict : verdict.kind;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      if (isAll || isFault(verdict))
        console.log(describeDifference(group, name, difference, verdict));
    }
  }
}
