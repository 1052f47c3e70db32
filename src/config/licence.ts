import { dirname, join } from "node:path";
import { readTextFile } from "./text-file.ts";

/** The project's own licence, of the folder that this runs from; the single file answers for all that is in it by itself. */
export function readLicence(folder = import.meta.dirname): string {
  const text = readTextFile(join(folder, "LICENSE"));
  if (text !== undefined) return text;
  return dirname(folder) === folder ? "" : readLicence(dirname(folder));
}
