import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { isNoRoom } from "../../core/no-room.ts";
import {
  DatabaseUnusable,
  type Migration,
  openVersionedDatabase,
} from "../../core/versioned-database.ts";
import { ProviderError } from "../provider.ts";

/** Below the provider's folder. */
export const STATE_FILE = "state.sqlite";

const MIGRATIONS: readonly Migration[] = [createTables];

/** What must not be lost, in `STATE_FILE` (see `openVersionedDatabase`). Throws `unavailable`. */
export function openState(folder: string): DatabaseSync {
  try {
    return openVersionedDatabase({
      file: join(folder, STATE_FILE),
      title: "the provider's state",
      // `Brzs`
      applicationId: 0x42727a73,
      migrations: MIGRATIONS,
      settings: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
    });
  } catch (cause) {
    if (!(cause instanceof DatabaseUnusable)) throw cause;
    throw new ProviderError("unavailable", cause.message, { cause });
  }
}

/** One statement that changes something. Throws `full`, and has changed nothing then. */
export function write<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (cause) {
    if (!isNoRoom(cause)) throw cause;
    const message = "there is no room on the disk of data_dir to write it down";
    throw new ProviderError("full", message, { cause });
  }
}

/**
 * What is answered outlives a power cut, too. Everything else outlives only this process, which costs no wait for the disk: of
 * replicas nothing is left behind a power cut anyway.
 */
export function writeDurably<Result>(database: DatabaseSync, act: () => Result): Result {
  database.exec("PRAGMA synchronous = FULL");
  try {
    return write(act);
  } finally {
    database.exec("PRAGMA synchronous = NORMAL");
  }
}

function createTables(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE namespaces (
      name TEXT PRIMARY KEY,
      labels TEXT NOT NULL,
      annotations TEXT NOT NULL
    ) STRICT;
    CREATE TABLE secrets (
      namespace TEXT NOT NULL,
      name TEXT NOT NULL,
      value BLOB NOT NULL,
      PRIMARY KEY (namespace, name)
    ) STRICT;
    CREATE TABLE functions (
      namespace TEXT NOT NULL,
      name TEXT NOT NULL,
      revision TEXT NOT NULL,
      spec TEXT NOT NULL,
      replicas INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (namespace, name)
    ) STRICT;
    CREATE TABLE replicas (
      id TEXT PRIMARY KEY,
      namespace TEXT NOT NULL,
      name TEXT NOT NULL,
      revision TEXT NOT NULL,
      pid INTEGER NOT NULL,
      started_at TEXT NOT NULL,
      port INTEGER,
      is_draining INTEGER NOT NULL
    ) STRICT;
  `);
}
