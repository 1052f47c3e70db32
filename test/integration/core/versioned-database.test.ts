import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, onTestFinished, test } from "vitest";
import { copyDatabase } from "../../../src/core/copy-database.ts";
import { type Migration, openVersionedDatabase } from "../../../src/core/versioned-database.ts";
import { RunningProgram } from "../../support/running-program.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";

const first: Migration = (database) => database.exec("CREATE TABLE a (text TEXT) STRICT");
const second: Migration = (database) => database.exec("ALTER TABLE a ADD more TEXT");
const broken: Migration = (database) => database.exec("DELETE FROM a; SELECT * FROM nowhere");

describe("a database with a version", () => {
  test("is made with its folder, for its owner alone", ({ expect }) => {
    const file = newFile();
    open(file, [first, second]).close();
    using database = open(file, [first, second]);
    expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: 2 });
    expect(statSync(join(file, "..")).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(join(file, ".."))) {
      expect(statSync(join(file, "..", name)).mode & 0o777).toBe(0o600);
    }
  });

  test("is migrated behind a copy that has what was only in its log yet", ({ expect }) => {
    const file = newFile();
    using writer = open(file, [first]);
    writer.exec("INSERT INTO a VALUES ('logged')");
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    using migrated = open(file, [first, second]);
    expect(textsIn(migrated)).toEqual(["logged"]);
    expect(migrated.prepare("SELECT more FROM a").all()).toEqual([{ more: null }]);
    using copy = open(`${file}.v1`, [first]);
    expect(textsIn(copy)).toEqual(["logged"]);
    expect(statSync(`${file}.v1`).mode & 0o777).toBe(0o600);
  });

  test("is as it was where a migration fails, whatever those before it did", ({ expect }) => {
    const file = newFile();
    {
      using database = open(file, [first]);
      database.exec("INSERT INTO a VALUES ('kept')");
    }
    expect(() => open(file, [first, second, broken])).toThrow(/the test .* nowhere/);
    using database = open(file, [first]);
    expect(textsIn(database)).toEqual(["kept"]);
    expect(database.prepare("SELECT * FROM a").all()).toEqual([{ text: "kept" }]);
  });

  test("is as it was where the process dies within a migration", async ({ expect }) => {
    const file = newFile();
    {
      using database = open(file, [first]);
      database.exec("INSERT INTO a VALUES ('kept')");
    }
    const dying = new RunningProgram([process.execPath, "--input-type=module", "-e", DIES], {
      env: { FILE: file, MODULE: MODULE.href },
    });
    expect(await dying.ended()).toBe("SIGKILL");
    using copy = open(`${file}.v1`, [first]);
    expect(textsIn(copy)).toEqual(["kept"]);
    using database = open(file, [first]);
    expect(textsIn(database)).toEqual(["kept"]);
    expect(database.prepare("SELECT * FROM a").all()).toEqual([{ text: "kept" }]);
  });

  test("of a newer version is refused with both versions, and not touched", ({ expect }) => {
    const file = newFile();
    open(file, [first, second]).close();
    const before = statSync(file).mtimeMs;
    expect(() => open(file, [first])).toThrow(
      expect.objectContaining({
        code: "newer",
        message: `the test ${file} was written by a newer version (schema 2, this one knows 1): start that one, or choose another data_dir`,
      }),
    );
    expect(statSync(file).mtimeMs).toBe(before);
    expect(existsSync(`${file}.v2`)).toBe(false);
  });

  test("of another program is refused, and so is what is none", ({ expect }) => {
    const file = newFile();
    open(file, [first]).close();
    const others = new DatabaseSync(file);
    others.exec("PRAGMA application_id = 7");
    others.close();
    const isNotOurs = expect.objectContaining({
      code: "unusable",
      message: expect.stringContaining("is not the test of this program"),
    });
    expect(() => open(file, [first])).toThrow(isNotOurs);
    writeFileSync(file, "no database at all, though of some length".repeat(100));
    expect(() => open(file, [first])).toThrow(expect.objectContaining({ code: "unusable" }));
  });
});

describe("a copy of a database", () => {
  test("replaces one of the same name", ({ expect }) => {
    const file = newFile();
    using database = open(file, [first]);
    writeFileSync(`${file}.copy`, "older");
    database.exec("INSERT INTO a VALUES ('new')");
    copyDatabase(file, `${file}.copy`);
    using copy = open(`${file}.copy`, [first]);
    expect(textsIn(copy)).toEqual(["new"]);
  });

  test("that fails leaves nothing behind, and the one before it alone", ({ expect }) => {
    const file = newFile();
    open(file, [first]).close();
    copyDatabase(file, `${file}.copy`);
    writeFileSync(file, "no database at all".repeat(1_000));
    expect(() => copyDatabase(file, `${file}.copy`)).toThrow();
    expect(() => copyDatabase(`${file}.none`, `${file}.copy`)).toThrow();
    open(`${file}.copy`, [first]).close();
    expect(readdirSync(join(file, "..")).filter((name) => name.includes("partial"))).toEqual([]);
  });
});

function open(file: string, migrations: readonly Migration[]): DatabaseSync {
  const settings = "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0";
  return openVersionedDatabase({ file, title: "the test", applicationId: 5, migrations, settings });
}

function textsIn(database: DatabaseSync): unknown[] {
  return database
    .prepare("SELECT text FROM a")
    .all()
    .map(({ text }) => text);
}

function newFile(): string {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  return join(folder.path, "data", "test.sqlite");
}

const MODULE = new URL("../../../src/core/versioned-database.ts", import.meta.url);

/** More than the cache holds is in the log when the process dies. */
const DIES = `
const { openVersionedDatabase } = await import(process.env.MODULE);
openVersionedDatabase({
  file: process.env.FILE, title: "the test", applicationId: 5, settings: "PRAGMA journal_mode = WAL; PRAGMA cache_size = 1",
  migrations: [() => {}, (database) => {
    database.exec("ALTER TABLE a ADD more TEXT; UPDATE a SET text = 'lost'");
    for (let i = 0; i < 1000; i++) database.exec("INSERT INTO a VALUES (hex(randomblob(500)), '')");
    process.kill(process.pid, "SIGKILL");
  }],
});
`;
