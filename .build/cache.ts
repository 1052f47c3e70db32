// Where what is slow to make or to fetch is kept: outside of the project, so that a fresh clone finds it.
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";

export function cacheFolder(): string {
  const { BREEZE_CACHE, XDG_CACHE_HOME } = process.env;
  const folder = BREEZE_CACHE || `${XDG_CACHE_HOME || `${homedir()}/.cache`}/breeze`;
  mkdirSync(folder, { recursive: true });
  return folder;
}
