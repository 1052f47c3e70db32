import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { copyDatabase } from "../../core/copy-database.ts";
import type { DataItem } from "../../core/data-item.ts";
import { flush, writeDurably } from "../../core/durable-file.ts";
import { BreezeError } from "../../core/errors.ts";
import { createManifest, MANIFEST_FILE } from "./manifest.ts";

export interface BackUpOptions {
  readonly dataDirectory: string;
  /** Made; it must not be there. */
  readonly folder: string;
  readonly items: readonly DataItem[];
  readonly release: string;
}

/**
 * Copies what must survive, while a gateway works with it or not. All that it had accepted before is in the copy, which is
 * whole when this returns, or not there at all. Returns what is in it. Throws `DATA_UNUSABLE`.
 */
export function backUp(options: BackUpOptions): readonly string[] {
  const { dataDirectory, folder, items, release } = options;
  if (existsSync(folder)) {
    throw new BreezeError("DATA_UNUSABLE", `${folder} is there already: name a folder to be made.`);
  }
  const draft = `${folder}.partial-${process.pid}`;
  try {
    mkdirSync(draft, { recursive: true, mode: 0o700 });
    const present = items.filter(({ path }) => existsSync(join(dataDirectory, path)));
    if (present.length === 0) throw new Error("it has nothing that a gateway keeps");
    for (const item of present) copyItem(item, dataDirectory, draft);
    const paths = present.map(({ path }) => path);
    const manifest = createManifest(draft, release, paths);
    writeDurably(join(draft, MANIFEST_FILE), `${JSON.stringify(manifest, undefined, 2)}\n`);
    renameSync(draft, folder);
    flush(dirname(folder));
    return paths;
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    const message = `${dataDirectory} could not be backed up: ${(cause as Error).message}.`;
    throw new BreezeError("DATA_UNUSABLE", message, { cause });
  }
}

function copyItem({ path, kind, clean }: DataItem, from: string, to: string): void {
  const copy = join(to, path);
  mkdirSync(dirname(copy), { recursive: true, mode: 0o700 });
  if (kind === "database") copyDatabase(join(from, path), copy);
  else writeDurably(copy, readFileSync(join(from, path), "utf8"));
  clean?.(copy);
}
