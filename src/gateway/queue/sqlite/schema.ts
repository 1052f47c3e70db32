import { closeSync, fsyncSync, mkdirSync, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { QueueError } from "../queue.ts";

/** Brings the schema from the version of its place in the list, from 0, to the next one. */
export type Migration = (database: DatabaseSync) => void;

/** Only ever added to: what one of them made lies on somebody's disk. */
export const MIGRATIONS: readonly Migration[] = [createTables];

/** `Brzq`: whose file it is. */
const APPLICATION_ID = 0x42727a71;

/**
 * Opens the file of a queue, making it and its folder where they are missing. One of an older version is migrated behind a
 * copy, `FILE.vN`; throws `newer` for one that a newer program has written, and `unusable` for what is none.
 */
export function openDatabase(
  file: string,
  migrations: readonly Migration[] = MIGRATIONS,
): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // What is in it is nobody else's business; the files beside it get the same mode.
    closeSync(openSync(file, "a", 0o600));
    database = new DatabaseSync(file, { timeout: 5_000 });
    prepare(database, file, migrations);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof QueueError) throw error;
    const reason = (error as Error).message;
    throw new QueueError("unusable", `the queue ${file} cannot be opened: ${reason}`, {
      cause: error,
    });
  }
}

function prepare(database: DatabaseSync, file: string, migrations: readonly Migration[]): void {
  const version = readPragma(database, "user_version");
  checkOwner(database, file, version);
  if (version > migrations.length) {
    throw new QueueError(
      "newer",
      `the queue ${file} has version ${version}, and this program knows up to ${migrations.length}: start the newer program, or name another data_dir`,
    );
  }
  if (version === 0) database.exec("PRAGMA auto_vacuum = INCREMENTAL");
  // FULL: a commit is on the disk when it returns, also in WAL mode.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec(`PRAGMA journal_size_limit = ${64 * 1024 * 1024}`);
  if (version < migrations.length) migrate(database, file, version, migrations);
}

function checkOwner(database: DatabaseSync, file: string, version: number): void {
  const isOurs = readPragma(database, "application_id") === APPLICATION_ID;
  const isNew = version === 0 && readPragma(database, "schema_version") === 0;
  if (!isOurs && !isNew) throw new QueueError("unusable", `${file} is not a queue of this program`);
}

function migrate(
  database: DatabaseSync,
  file: string,
  version: number,
  migrations: readonly Migration[],
): void {
  if (version > 0) keepCopy(database, `${file}.v${version}`);
  database.exec("BEGIN EXCLUSIVE");
  try {
    // Somebody else may have come first.
    const current = readPragma(database, "user_version");
    for (const migration of migrations.slice(current)) migration(database);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.exec(`PRAGMA user_version = ${Math.max(current, migrations.length)}`);
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

/** One that is there already is of a migration that did not come to its end. */
function keepCopy(database: DatabaseSync, copy: string): void {
  rmSync(copy, { force: true });
  closeSync(openSync(copy, "wx", 0o600));
  database.prepare("VACUUM INTO ?").run(copy);
  const descriptor = openSync(copy, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function readPragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}

/**
 * What changes often is apart from what is large: SQLite writes a row anew as a whole. `line` is where something is still
 * to be done in `stage`, at `due_at`, which of something leased is the end of its lease; `fence` tells leases apart.
 */
function createTables(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE invocations (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      call_id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      namespace TEXT NOT NULL,
      stage TEXT NOT NULL,
      line TEXT,
      due_at INTEGER NOT NULL,
      is_leased INTEGER NOT NULL DEFAULT 0,
      fence INTEGER NOT NULL DEFAULT 0,
      attempt INTEGER NOT NULL DEFAULT 0,
      uncounted INTEGER NOT NULL DEFAULT 0,
      queued_at INTEGER NOT NULL,
      outcome TEXT,
      finished_at INTEGER,
      reason TEXT,
      callback_url TEXT,
      callback TEXT NOT NULL,
      callback_attempt INTEGER NOT NULL DEFAULT 0,
      callback_uncounted INTEGER NOT NULL DEFAULT 0,
      callback_reason TEXT
    ) STRICT;
    CREATE INDEX work ON invocations (stage, line, due_at, seq) WHERE line IS NOT NULL;
    CREATE INDEX waiting ON invocations (queued_at) WHERE line IS NOT NULL AND stage = 'invocation';
    CREATE INDEX leased ON invocations (due_at) WHERE is_leased = 1;
    CREATE INDEX kept ON invocations (finished_at, seq) WHERE line IS NULL AND outcome = 'completed';
    CREATE INDEX dead ON invocations (seq) WHERE outcome = 'dead';
    CREATE TABLE requests (
      seq INTEGER PRIMARY KEY,
      head TEXT NOT NULL,
      body BLOB NOT NULL
    ) STRICT;
    CREATE TABLE answers (
      seq INTEGER PRIMARY KEY,
      status INTEGER NOT NULL,
      duration_ms REAL NOT NULL,
      bytes INTEGER NOT NULL,
      headers TEXT NOT NULL,
      body BLOB NOT NULL
    ) STRICT;
  `);
}
