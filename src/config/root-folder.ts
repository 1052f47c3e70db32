import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where a program's own files are: the next folder above it that has a `package.json`, in a checkout as in the npm package. */
export function findRootFolder(folder: string): string {
  const parent = dirname(folder);
  if (parent === folder || existsSync(join(folder, "package.json"))) return folder;
  return findRootFolder(parent);
}
