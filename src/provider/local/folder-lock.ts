import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ProviderError } from "../provider.ts";

/**
 * Makes a folder this process's own, until it is disposed of or the process dies, however that happens: it is a lock of the
 * kernel's that SQLite holds. Throws `unavailable` where another one has it.
 */
export function lockFolder(folder: string): Disposable {
  const database = new DatabaseSync(join(folder, "lock.sqlite"));
  const ownerPath = join(folder, "owner");
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    const who = readOwner(ownerPath);
    const message = `${folder} is in use by another gateway${who}: stop that one, or choose another data_dir`;
    throw new ProviderError("unavailable", message, { cause });
  }
  writeFileSync(ownerPath, `${process.pid}\n`);
  return {
    [Symbol.dispose]() {
      rmSync(ownerPath, { force: true });
      if (database.isOpen) database.close();
    },
  };
}

function readOwner(path: string): string {
  try {
    return ` (process ${readFileSync(path, "utf8").trim()})`;
  } catch {
    return "";
  }
}
