import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Peer } from "./case.ts";
import type { Recording } from "./play.ts";

/** What the real watchdogs said, by the names of the groups. */
export type Recordings = Readonly<Record<string, Recording>>;

const pathOf = (peer: Peer): string =>
  fileURLToPath(new URL(`recorded/${peer}.json`, import.meta.url));

export function readRecordings(peer: Peer): Recordings {
  const path = pathOf(peer);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
}

/** A line for each conversation, so that two versions can be read side by side. */
export function writeRecordings(peer: Peer, recordings: Recordings): void {
  const groups = Object.entries(recordings).map(([name, recording]) => {
    const lines = Object.entries(recording).map(
      ([one, conversation]) => `    ${JSON.stringify(one)}: ${JSON.stringify(conversation)}`,
    );
    return `  ${JSON.stringify(name)}: {\n${lines.join(",\n")}\n  }`;
  });
  writeFileSync(pathOf(peer), `{\n${groups.join(",\n")}\n}\n`);
}
