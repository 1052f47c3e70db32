import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface SecretFile {
  readonly name: string;
  readonly value: Uint8Array;
}

/** What one replica has on disk for itself, gone with it. */
export interface ReplicaFolder {
  readonly path: string;
  /** The FIFO that it writes to. */
  readonly outputPath: string;
  /** Its working directory, where the image has none. */
  readonly work: string;
  readonly temporary: string;
  readonly secrets: string;
}

export function toReplicaFolder(parent: string, id: string): ReplicaFolder {
  const path = join(parent, id);
  return {
    path,
    outputPath: join(path, "output"),
    work: join(path, "work"),
    temporary: join(path, "tmp"),
    secrets: join(path, "secrets"),
  };
}

export function makeReplicaFolder(folder: ReplicaFolder, secrets: readonly SecretFile[]): void {
  for (const path of [folder.path, folder.work, folder.temporary, folder.secrets]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }
  for (const secret of secrets) writeSecret(folder, secret);
}

/** In place of the one before, for whoever opens the file from now on: nobody ever sees half of it. */
export function writeSecret(folder: ReplicaFolder, { name, value }: SecretFile): void {
  const draft = join(folder.path, `${name}.new`);
  rmSync(draft, { force: true });
  writeFileSync(draft, value, { mode: 0o400 });
  renameSync(draft, join(folder.secrets, name));
}

export function removeReplicaFolder(folder: ReplicaFolder): void {
  rmSync(folder.path, { recursive: true, force: true, maxRetries: 3 });
}
