import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { BreezeError } from "../../core/errors.ts";

/** Of the folder that a backup is. */
const FORMAT = 1;

export const MANIFEST_FILE = "backup.json";

const MANIFEST = z.object({
  format: z.literal(FORMAT),
  madeAt: z.iso.datetime(),
  /** The program's version. */
  release: z.string(),
  /** SHA-256 in hex, by path. */
  files: z.record(z.string(), z.string().regex(/^[\da-f]{64}$/)),
});

/** What is in a backup, so that a part of one, or a damaged one, is found out before anything is replaced by it. */
export type Manifest = z.infer<typeof MANIFEST>;

export function createManifest(
  folder: string,
  release: string,
  paths: readonly string[],
): Manifest {
  const files = Object.fromEntries(paths.map((path) => [path, digestOf(join(folder, path))]));
  return { format: FORMAT, madeAt: new Date().toISOString(), release, files };
}

/** Throws `DATA_UNUSABLE` where the folder is no backup, or not whole. */
export function readManifest(folder: string): Manifest {
  const manifest = parse(folder);
  for (const [path, digest] of Object.entries(manifest.files)) {
    if (attempt(folder, path) !== digest) {
      throw unusable(`${folder} is damaged: ${path} is not as it was when it was backed up`);
    }
  }
  return manifest;
}

function parse(folder: string): Manifest {
  const file = join(folder, MANIFEST_FILE);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw unusable(`${folder} is no backup: ${file} cannot be read`, cause);
  }
  const format = z.object({ format: z.int() }).safeParse(value).data?.format ?? 0;
  if (format > FORMAT) throw unusable(`${folder} is a backup of a newer version of Breeze`);
  const manifest = MANIFEST.safeParse(value);
  if (manifest.success) return manifest.data;
  throw unusable(`${folder} is no backup: ${file} is not as backup writes it`);
}

function attempt(folder: string, path: string): string | undefined {
  try {
    return digestOf(join(folder, path));
  } catch {
    return undefined;
  }
}

const CHUNK_BYTES = 1024 * 1024;

function digestOf(file: string): string {
  const [hash, chunk] = [createHash("sha256"), Buffer.alloc(CHUNK_BYTES)];
  const descriptor = openSync(file, "r");
  try {
    for (let size = readSync(descriptor, chunk); size > 0; size = readSync(descriptor, chunk)) {
      hash.update(chunk.subarray(0, size));
    }
  } finally {
    closeSync(descriptor);
  }
  return hash.digest("hex");
}

function unusable(message: string, cause?: unknown): BreezeError {
  return new BreezeError("DATA_UNUSABLE", `${message}.`, { cause });
}
