import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { copyDatabase } from "./copy-database.ts";

/** Brings a schema from the version of its place in the list, from 0, to the next one. */
export type Migration = (database: DatabaseSync) => void;

export interface VersionedDatabase {
  /** Made where it is missing, with its folder, for its owner alone. */
  readonly file: string;
  /** What errors call it: `the queue`. */
  readonly title: string;
  /** Whose file it is, so that nobody takes another program's for their own; a number of 31 bits. */
  readonly applicationId: number;
  /** Only ever added to: what one of them made lies on somebody's disk. */
  readonly migrations: readonly Migration[];
  /** What is set each time. */
  readonly settings: string;
  /** What can be set only before there is anything in it. */
  readonly settingsOfNew?: string;
}

/** `newer`: a newer program has written it. `unusable`: it cannot be opened, or is none. */
export class DatabaseUnusable extends Error {
  override readonly name = "DatabaseUnusable";
  readonly code: "newer" | "unusable";

  constructor(code: "newer" | "unusable", message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Opens a SQLite file whose schema has a version. An older one is migrated in one transaction, behind a copy `FILE.vN`: where
 * that fails, or the process dies, it is as it was. Throws `DatabaseUnusable`, and has not touched the file then.
 */
export function openVersionedDatabase(options: VersionedDatabase): DatabaseSync {
  const { file, title } = options;
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // The files beside it get the same mode.
    closeSync(openSync(file, "a", 0o600));
    database = new DatabaseSync(file, { timeout: 5_000 });
    prepare(database, options);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof DatabaseUnusable) throw error;
    const message = `${title} ${file} cannot be opened: ${(error as Error).message}`;
    throw new DatabaseUnusable("unusable", message, { cause: error });
  }
}

function prepare(database: DatabaseSync, options: VersionedDatabase): void {
  const { file, migrations, settings, settingsOfNew = "" } = options;
  const version = readPragma(database, "user_version");
  checkOwner(database, options);
  checkAge(version, options);
  if (version === 0) database.exec(settingsOfNew);
  database.exec(settings);
  if (version === migrations.length) return;
  if (version > 0) copyDatabase(file, `${file}.v${version}`);
  migrate(database, options);
}

function checkOwner(database: DatabaseSync, { file, title, applicationId }: VersionedDatabase) {
  const isOurs = readPragma(database, "application_id") === applicationId;
  // Nothing was ever written into it.
  const isNew = readPragma(database, "schema_version") === 0;
  if (isOurs || isNew) return;
  throw new DatabaseUnusable("unusable", `${file} is not ${title} of this program`);
}

function checkAge(version: number, { file, title, migrations }: VersionedDatabase): void {
  if (version <= migrations.length) return;
  throw new DatabaseUnusable(
    "newer",
    `${title} ${file} was written by a newer version (schema ${version}, this one knows ${migrations.length}): start that one, or choose another data_dir`,
  );
}

function migrate(database: DatabaseSync, options: VersionedDatabase): void {
  const { applicationId, migrations } = options;
  database.exec("BEGIN EXCLUSIVE");
  try {
    // Somebody else may have come first, perhaps a newer one.
    const version = readPragma(database, "user_version");
    checkAge(version, options);
    for (const migration of migrations.slice(version)) migration(database);
    database.exec(`PRAGMA application_id = ${applicationId}`);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec("COMMIT");
  } catch (error) {
    // A full disk has ended it already.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function readPragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}
