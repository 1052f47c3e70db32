import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { backup, DatabaseSync } from "node:sqlite";
import { QueueError } from "../queue.ts";

/** All pages in one step, which is one moment's state; more steps would begin anew with each write between them. */
const ALL_PAGES = 2 ** 31 - 1;

/**
 * Copies a queue as it is at one moment into another file, which is whole or not there at all, while whoever it belongs to
 * goes on. Needs no `Queue`: another process may do it. Rejects with `failed`.
 */
export async function backUpQueue(file: string, copy: string): Promise<void> {
  const partial = `${copy}.partial`;
  try {
    closeSync(openSync(partial, "w", 0o600));
    const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    try {
      await backup(database, partial, { rate: ALL_PAGES });
    } finally {
      database.close();
    }
    const descriptor = openSync(partial, "r");
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(partial, copy);
  } catch (error) {
    rmSync(partial, { force: true });
    const message = `the queue ${file} could not be copied: ${(error as Error).message}`;
    throw new QueueError("failed", message, { cause: error });
  }
}
