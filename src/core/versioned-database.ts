import { closeSync, mkdirSync, openSync, statSync } from "node:fs";
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
  const { file } = options;
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    checkWhole(options);
    // The files beside it get the same mode.
    closeSync(openSync(file, "a", 0o600));
    database = new DatabaseSync(file, { timeout: 5_000 });
    prepare(database, options);
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof DatabaseUnusable ? error : unusable(options, error as Error);
  }
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** What whoever has the file is told: what is wrong with it, and where it is damaged what can be done. */
export function unusable(
  { title, file }: Pick<VersionedDatabase, "title" | "file">,
  cause: Error & { errcode?: number },
): DatabaseUnusable {
  const code = (cause.errcode ?? 0) & 0xff;
  const isDamaged = code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
  const advice = isDamaged ? `: ${adviceFor(file)}` : "";
  const message = `${title} ${file} cannot be used: ${cause.message}${advice}`;
  return new DatabaseUnusable("unusable", message, { cause });
}

const adviceFor = (file: string): string =>
  `restore a backup, or move it and ${file}-wal away to begin with nothing`;

/** SQLite takes an empty file for a new one, and deletes what a log beside it has of an older one. */
function checkWhole({ title, file }: VersionedDatabase): void {
  if (sizeOf(file) > 0 || sizeOf(`${file}-wal`) === 0) return;
  const message = `${title} ${file} is empty or missing, but ${file}-wal is of one that was not: ${adviceFor(file)}`;
  throw new DatabaseUnusable("unusable", message);
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

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
