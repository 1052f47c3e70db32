import { join } from "node:path";
import { readTextFile } from "./text-file.ts";

/** Which watchdog this is. */
export interface Version {
  readonly version: string;
  /** The commit. */
  readonly sha: string;
}

// Put in by the build; from source there are none.
declare const BREEZE_VERSION: string;
declare const BREEZE_SHA: string;

/** Of the build, or of the folder that the source runs from. Neither is ever empty. */
export function readVersion(): Version {
  if (typeof BREEZE_VERSION === "string" && typeof BREEZE_SHA === "string") {
    return { version: BREEZE_VERSION, sha: BREEZE_SHA };
  }
  return readSourceVersion(join(import.meta.dirname, "../.."));
}

/** Of a checkout, from its files alone: the watchdog starts no process for this. */
export function readSourceVersion(folder: string): Version {
  const manifest = readTextFile(join(folder, "package.json")) ?? "";
  return {
    version: /^ {2}"version": "([^"]+)"/m.exec(manifest)?.[1] ?? "dev",
    sha: readCommit(join(folder, ".git")) ?? "unknown",
  };
}

/** The line that the Go watchdogs print for `--version`, and first of all at each start. */
export function formatVersionLine({ version, sha }: Version, now: Date): string {
  const [year, ...rest] = [
    now.getFullYear(),
    now.getMonth() + 1,
    now.getDate(),
    now.getHours(),
    now.getMinutes(),
    now.getSeconds(),
  ];
  const [month, day, hour, minute, second] = rest.map((part) => String(part).padStart(2, "0"));
  return `${year}/${month}/${day} ${hour}:${minute}:${second} Version: ${version}\tSHA: ${sha}`;
}

function readCommit(gitFolder: string): string | undefined {
  // In a worktree `.git` is a file that names the folder, whose refs are in the folder that `commondir` names.
  const elsewhere = /^gitdir: (.+)$/m.exec(readTextFile(gitFolder) ?? "")?.[1];
  const folder = elsewhere ?? gitFolder;
  const head = readTextFile(join(folder, "HEAD"))?.trim() ?? "";
  const ref = /^ref: (.+)$/.exec(head)?.[1];
  if (ref === undefined) return onlyCommit(head);
  const common = join(folder, readTextFile(join(folder, "commondir"))?.trim() ?? ".");
  const packed = readTextFile(join(common, "packed-refs"))?.split("\n") ?? [];
  return (
    onlyCommit(readTextFile(join(common, ref))?.trim()) ??
    onlyCommit(packed.find((line) => line.endsWith(` ${ref}`))?.split(" ")[0])
  );
}

function onlyCommit(text: string | undefined): string | undefined {
  return text !== undefined && /^[\da-f]{40,64}$/.test(text) ? text : undefined;
}
