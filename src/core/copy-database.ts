import { closeSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { flush } from "./durable-file.ts";

/**
 * Copies a SQLite database as it is at one moment, what is in its write-ahead log too, while others read and write it. The
 * copy, which only its owner may read, is on disk, whole, when this returns, or not there at all; one of the same name is
 * replaced. Throws what SQLite and the file system say.
 */
export function copyDatabase(file: string, copy: string): void {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    writeCopy(database, copy);
  } finally {
    database.close();
  }
}

function writeCopy(database: DatabaseSync, copy: string): void {
  const draft = `${copy}.partial`;
  try {
    rmSync(draft, { force: true });
    closeSync(openSync(draft, "wx", 0o600));
    database.prepare("VACUUM INTO ?").run(draft);
    flush(draft);
    renameSync(draft, copy);
    flush(dirname(copy));
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
