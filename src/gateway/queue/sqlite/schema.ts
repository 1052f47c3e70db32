import type { DatabaseSync } from "node:sqlite";
import {
  DatabaseUnusable,
  type Migration,
  openVersionedDatabase,
  unusable,
} from "../../../core/versioned-database.ts";
import { QueueError } from "../queue.ts";

export const MIGRATIONS: readonly Migration[] = [createTables];

const TITLE = "the queue";

/** Opens the file of a queue (see `openVersionedDatabase`). Throws `newer` and `unusable`. */
export function openDatabase(
  file: string,
  migrations: readonly Migration[] = MIGRATIONS,
): DatabaseSync {
  try {
    return openVersionedDatabase({
      file,
      title: TITLE,
      // `Brzq`
      applicationId: 0x42727a71,
      migrations,
      settingsOfNew: "PRAGMA auto_vacuum = INCREMENTAL",
      // FULL: a commit is on the disk when it returns, also in WAL mode.
      settings: `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = ${64 * 1024 * 1024}`,
    });
  } catch (error) {
    throw toQueueError(file, error);
  }
}

/** For whoever opens it, and for what he does at once. */
export function toQueueError(file: string, cause: unknown): QueueError {
  const isSaid = cause instanceof DatabaseUnusable;
  const { code, message } = isSaid ? cause : unusable({ title: TITLE, file }, cause as Error);
  return new QueueError(code, message, { cause });
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
