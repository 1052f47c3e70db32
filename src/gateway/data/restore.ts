import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DataItem } from "../../core/data-item.ts";
import { flush, giveToOwner } from "../../core/durable-file.ts";
import { BreezeError } from "../../core/errors.ts";
import { readManifest } from "./manifest.ts";

/** A backup that is ready to be taken over, and one that is being taken over. Both are below the data directory. */
const STAGED = "restore";
const TAKEN = "restore-taken";
const REPLACED = "replaced-";
/** What SQLite has beside a database belongs to it. */
const BESIDE = ["", "-wal", "-shm"];

/**
 * Copies a backup into a data directory, from where `takeRestored` takes it over. What is there works on, and is not touched.
 * Throws `DATA_UNUSABLE` where it is no backup, or cannot be copied.
 */
export function stageRestore(
  folder: string,
  dataDirectory: string,
  items: readonly DataItem[],
): void {
  const { files } = readManifest(folder);
  const draft = join(dataDirectory, `${STAGED}.partial-${process.pid}`);
  try {
    makeFolder(draft);
    for (const { path } of items) {
      if (path in files) copyOwned(join(folder, path), join(draft, path), dataDirectory);
    }
    rmSync(join(dataDirectory, STAGED), { recursive: true, force: true });
    renameSync(draft, join(dataDirectory, STAGED));
    flush(dataDirectory);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    const message = `${folder} cannot be copied into ${dataDirectory}: ${(cause as Error).message}.`;
    throw new BreezeError("DATA_UNUSABLE", message, { cause });
  }
}

/**
 * Puts a staged backup in the place of what is there, which is kept in a folder `replaced-TIME`. False: nothing is
 * staged. Whoever calls this has the data directory for its own. One that dies meanwhile is finished by the next.
 */
export function takeRestored(
  dataDirectory: string,
  items: readonly DataItem[],
  now = new Date(),
): boolean {
  const [staged, taken] = [join(dataDirectory, STAGED), join(dataDirectory, TAKEN)];
  if (existsSync(staged) && !existsSync(taken)) {
    const replaced = join(dataDirectory, `${REPLACED}${now.toISOString().replaceAll(":", "-")}`);
    for (const item of items) setAside(item, dataDirectory, replaced);
    flush(dataDirectory);
    // From here on all that has one of these names in the data directory is the backup's.
    renameSync(staged, taken);
    flush(dataDirectory);
  }
  if (!existsSync(taken)) return false;
  for (const { path } of items) move(join(taken, path), join(dataDirectory, path), dataDirectory);
  rmSync(taken, { recursive: true });
  flush(dataDirectory);
  return true;
}

function setAside({ path, carryOver }: DataItem, dataDirectory: string, replaced: string): void {
  const current = join(dataDirectory, path);
  if (!existsSync(current)) return;
  const restored = join(dataDirectory, STAGED, path);
  if (existsSync(restored)) carryOver?.(current, restored);
  for (const end of BESIDE)
    move(`${current}${end}`, join(replaced, `${path}${end}`), dataDirectory);
}

function move(from: string, to: string, dataDirectory: string): void {
  if (!existsSync(from)) return;
  makeFolder(dirname(to));
  giveToOwner(dirname(to), dataDirectory);
  renameSync(from, to);
  flush(dirname(to));
}

function copyOwned(from: string, to: string, dataDirectory: string): void {
  makeFolder(dirname(to));
  copyFileSync(from, to);
  for (const path of [dirname(to), to]) giveToOwner(path, dataDirectory);
  flush(to);
}

function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}
