import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, onTestFinished, test } from "vitest";
import { LogFollowers } from "../../../../src/provider/local/log-followers.ts";
import {
  type LogRecord,
  mergeRecords,
  openSnapshot,
  takeLast,
} from "../../../../src/provider/local/log-records.ts";
import { collect } from "../../../contract/provider/subject.ts";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";

const toLine = (second: number, text: string) =>
  `${new Date(second * 1000).toISOString()} ${text}\n`;

function createPath(): string {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  return join(folder.path, "a.log");
}

const texts = (records: readonly LogRecord[]) => records.map(({ text }) => text);

describe("a snapshot of a log", () => {
  test("is what was there when it was opened, the older file first, rotated since or not", async ({
    expect,
  }) => {
    const path = createPath();
    writeFileSync(`${path}.1`, toLine(1, "one"));
    writeFileSync(path, toLine(2, "two"));
    using snapshot = openSnapshot("a", path);
    appendFileSync(path, toLine(3, "three"));
    renameSync(path, `${path}.1`);
    writeFileSync(path, toLine(4, "four"));
    const records = await collect(snapshot.records(undefined));
    expect(records).toEqual([
      { instance: "a", time: new Date(1000), text: "one" },
      { instance: "a", time: new Date(2000), text: "two" },
    ]);
  });

  test("has lines longer than a chunk, and characters across two of them, whole", async ({
    expect,
  }) => {
    const path = createPath();
    const long = "ü".repeat(100_000);
    writeFileSync(path, toLine(1, long) + toLine(2, "next"));
    using snapshot = openSnapshot("a", path);
    expect(texts(await collect(snapshot.records(undefined)))).toEqual([long, "next"]);
  });

  test("of a log that is not there is empty", async ({ expect }) => {
    using snapshot = openSnapshot("a", createPath());
    expect(await collect(snapshot.records(undefined))).toEqual([]);
  });
});

describe("the records of several replicas", () => {
  async function* give(instance: string, ...seconds: number[]): AsyncGenerator<LogRecord> {
    for (const second of seconds)
      yield { instance, time: new Date(second * 1000), text: `${second}` };
  }

  test("come in the order of time", async ({ expect }) => {
    const merged = mergeRecords([give("a", 1, 4, 5), give("b"), give("c", 2, 3, 6)]);
    expect(texts(await collect(merged))).toEqual(["1", "2", "3", "4", "5", "6"]);
  });

  test("have as many last ones as are asked for, or as there are", async ({ expect }) => {
    const last = async (count: number) => texts(await takeLast(give("a", 1, 2, 3, 4, 5), count));
    expect(await last(2)).toEqual(["4", "5"]);
    expect(await last(9)).toEqual(["1", "2", "3", "4", "5"]);
    expect(await last(0)).toEqual([]);
  });
});

describe("a follower who does not read", () => {
  test("is told how many lines were dropped, and gets the latest", async ({ expect }) => {
    const followers = new LogFollowers();
    const follower = followers.follow(undefined);
    for (let number = 0; number < 25_000; number++)
      followers.tell({ instance: "a", time: new Date(), text: `${number}` });
    follower.end();
    const records = texts(await collect(follower.records()));
    expect(records.length).toBeLessThanOrEqual(10_001);
    const dropped = Number(/\((\d+) lines were dropped/.exec(records[0] ?? "")?.[1]);
    expect(dropped + records.length - 1).toBe(25_000);
    expect(records.at(-1)).toBe("24999");
  });
});
