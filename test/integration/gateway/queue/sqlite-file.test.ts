import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "vitest";
import { copyDatabase } from "../../../../src/core/copy-database.ts";
import { MIGRATIONS, openDatabase } from "../../../../src/gateway/queue/sqlite/schema.ts";
import { openSqliteQueue } from "../../../../src/gateway/queue/sqlite/sqlite-queue.ts";
import { newQueueFile } from "./new-queue-file.ts";
import { submissionOf } from "./submission.ts";

describe("the file of a queue", () => {
  test("can be copied at one moment, whole, while it is written to", async ({ expect }) => {
    const file = newQueueFile();
    const copy = `${file}.copy`;
    await using queue = await openSqliteQueue({ file });
    let next = 0;
    const accepted: string[] = [];
    let isOver = false;
    const writing = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (!isOver) {
          const callId = `${next++}`;
          await queue.enqueue(submissionOf(callId));
          accepted.push(callId);
        }
      }),
    );
    await queue.enqueue(submissionOf("before"));
    const before = [...accepted, "before"];
    copyDatabase(file, copy);
    isOver = true;
    await writing;
    await using restored = await openSqliteQueue({ file: copy });
    const found = await Promise.all(before.map((callId) => restored.find(callId)));
    expect(found.every((record) => record?.state === "queued")).toBe(true);
    expect((await restored.stats()).depth).toBeLessThanOrEqual(next + 1);
    const names = readdirSync(join(file, ".."));
    expect(names.filter((name) => name.includes("partial"))).toEqual([]);
  });

  test("refuses data of a newer program, and says so", async ({ expect }) => {
    const file = newQueueFile();
    openDatabase(file, [...MIGRATIONS, () => {}]).close();
    await expect(openSqliteQueue({ file })).rejects.toMatchObject({
      code: "newer",
      message: expect.stringMatching(
        /queue\.db was written by a newer version \(schema 2, this one knows 1\)/,
      ),
    });
  });

  test("migrates data of an older program behind a copy", async ({ expect }) => {
    const file = newQueueFile();
    {
      await using queue = await openSqliteQueue({ file });
      await queue.enqueue(submissionOf("a"));
    }
    const [first] = MIGRATIONS;
    const second = (database: DatabaseSync) => database.exec("ALTER TABLE requests ADD more TEXT");
    const migrated = openDatabase(file, [first as (typeof MIGRATIONS)[0], second]);
    expect(migrated.prepare("SELECT seq, more FROM requests").all()).toEqual([
      { seq: 1, more: null },
    ]);
    migrated.close();
    copyFileSync(`${file}.v1`, `${file}.restored`);
    await using queue = await openSqliteQueue({ file: `${file}.restored` });
    expect(await queue.find("a")).toMatchObject({ state: "queued" });
  });

  test("is nobody's who is not its owner", async ({ expect }) => {
    const file = newQueueFile();
    await using queue = await openSqliteQueue({ file });
    await queue.enqueue(submissionOf("a"));
    const modes = readdirSync(join(file, "..")).map((name) =>
      (statSync(join(file, "..", name)).mode & 0o777).toString(8),
    );
    expect(new Set(modes)).toEqual(new Set(["600"]));
  });

  test("is not begun anew where it is empty and the log beside it is not: SQLite would delete that", async ({
    expect,
  }) => {
    const file = newQueueFile();
    await using queue = await openSqliteQueue({ file });
    await queue.enqueue(submissionOf("a"));
    const lost = `${file}.lost`;
    copyFileSync(`${file}-wal`, `${lost}-wal`);
    const refused = {
      code: "unusable",
      message: `the queue ${lost} is empty or missing, but ${lost}-wal is of one that was not: restore a backup, or move it and ${lost}-wal away to begin with nothing`,
    };
    await expect(openSqliteQueue({ file: lost })).rejects.toMatchObject(refused);
    writeFileSync(lost, "");
    await expect(openSqliteQueue({ file: lost })).rejects.toMatchObject(refused);
    expect(readFileSync(`${lost}-wal`)).toEqual(readFileSync(`${file}-wal`));
  });

  test("that is damaged is named, with what can be done, and left as it is", async ({ expect }) => {
    const file = newQueueFile();
    await (await openSqliteQueue({ file })).close();
    const whole = readFileSync(file);
    const [schema, tables] = [Buffer.from(whole), Buffer.from(whole)];
    const damages = [
      schema.fill("junk", 100, 4_096),
      tables.fill("junk", 4_096),
      Buffer.alloc(10_000, "hello "),
    ];
    for (const bytes of damages) {
      writeFileSync(file, bytes);
      await expect(openSqliteQueue({ file, endsLeases: true })).rejects.toMatchObject({
        code: "unusable",
        message: expect.stringMatching(
          new RegExp(`^the queue ${file} cannot be used: .*: restore a backup, or move it and`),
        ),
      });
      expect(readFileSync(file).equals(bytes)).toBe(true);
    }
  });

  test("does not take another program's file for its own", async ({ expect }) => {
    const file = newQueueFile();
    await (await openSqliteQueue({ file })).close();
    const database = new DatabaseSync(file);
    database.exec("PRAGMA application_id = 7");
    database.close();
    await expect(openSqliteQueue({ file })).rejects.toMatchObject({ code: "unusable" });
    await expect(openSqliteQueue({ file: import.meta.filename })).rejects.toMatchObject({
      code: "unusable",
    });
  });
});
