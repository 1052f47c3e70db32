import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Another process has what should be this one's alone. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";
}

/**
 * Makes a folder this process's own, until it is disposed of or the process dies, however that happens. Throws
 * `FolderInUse` where another one has it.
 */
export function lockFolder(folder: string): Disposable {
  const lock = takeLock(join(folder, "lock.sqlite"), 0);
  const ownerPath = join(folder, "owner");
  if (lock === undefined) {
    const who = readOwner(ownerPath);
    throw new FolderInUse(
      `${folder} is in use by another gateway${who}: stop that one, or choose another data_dir`,
    );
  }
  writeFileSync(ownerPath, `${process.pid}\n`);
  return {
    [Symbol.dispose]() {
      rmSync(ownerPath, { force: true });
      lock[Symbol.dispose]();
    },
  };
}

const SQLITE_BUSY = 5;

/** A lock of the kernel's, which SQLite holds. `undefined`: another one has had it for so long. */
export function takeLock(file: string, waitMs: number): Disposable | undefined {
  const database = new DatabaseSync(file, { timeout: waitMs });
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
    const { message } = error as Error;
    throw new Error(`${file}, which is only there to be locked: ${message}`, { cause: error });
  }
  return { [Symbol.dispose]: () => database.isOpen && database.close() };
}

function readOwner(path: string): string {
  try {
    return ` (process ${readFileSync(path, "utf8").trim()})`;
  } catch {
    return "";
  }
}
