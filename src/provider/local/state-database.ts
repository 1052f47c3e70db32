import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ProviderError } from "../provider.ts";

/** Each brings the state of one version to the next one; the first makes it. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE namespaces (name TEXT PRIMARY KEY, labels TEXT NOT NULL, annotations TEXT NOT NULL) STRICT;
   CREATE TABLE secrets (namespace TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
     PRIMARY KEY (namespace, name)) STRICT;
   CREATE TABLE functions (namespace TEXT NOT NULL, name TEXT NOT NULL, revision TEXT NOT NULL, spec TEXT NOT NULL,
     replicas INTEGER NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (namespace, name)) STRICT;
   CREATE TABLE replicas (id TEXT PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL, revision TEXT NOT NULL,
     pid INTEGER NOT NULL, started_at TEXT NOT NULL, port INTEGER, is_draining INTEGER NOT NULL) STRICT;`,
];

/**
 * What must not be lost, in `state.sqlite`. An older one is brought up to date behind a copy (`state.sqlite.vN`); one that a
 * newer program has written is `unavailable`.
 */
export function openState(folder: string): DatabaseSync {
  const path = join(folder, "state.sqlite");
  const database = new DatabaseSync(path);
  try {
    const version = readVersion(database);
    if (version > MIGRATIONS.length) throw newerState(path, version);
    if (version > 0 && version < MIGRATIONS.length) copyFileSync(path, `${path}.v${version}`);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    for (let next = version; next < MIGRATIONS.length; next++) migrate(database, next);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * What is answered outlives a power cut, too. Everything else outlives only this process, which costs no wait for the disk: of
 * replicas nothing is left behind a power cut anyway.
 */
export function writeDurably<Result>(database: DatabaseSync, write: () => Result): Result {
  database.exec("PRAGMA synchronous = FULL");
  try {
    return write();
  } finally {
    database.exec("PRAGMA synchronous = NORMAL");
  }
}

function readVersion(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.user_version);
}

function migrate(database: DatabaseSync, from: number): void {
  database.exec(`BEGIN; ${MIGRATIONS[from]}; PRAGMA user_version = ${from + 1}; COMMIT`);
}

function newerState(path: string, version: number): ProviderError {
  const message = `${path} was written by a newer version (schema ${version}, this one knows ${MIGRATIONS.length}): start that one, or choose another data_dir`;
  return new ProviderError("unavailable", message);
}
