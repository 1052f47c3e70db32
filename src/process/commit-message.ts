import { spawnSync } from "node:child_process";

// Put in by the build; from source there is none.
declare const BREEZE_COMMIT_MESSAGE: string;

/** The first line of what the commit says that this was built from, or that is checked out in a folder. Never empty. */
export function readCommitMessage(folder: string): string {
  if (typeof BREEZE_COMMIT_MESSAGE === "string") return BREEZE_COMMIT_MESSAGE;
  return readSourceCommitMessage(folder);
}

/** Asks git: most commits are in packs, which nobody else reads easily. */
export function readSourceCommitMessage(folder: string): string {
  const asked = ["-C", folder, "log", "--max-count=1", "--format=%s"];
  const { stdout } = spawnSync("git", asked, { encoding: "utf8", timeout: 5_000 });
  // There is no git, or no repository that it would read.
  return stdout?.trim() || "unknown";
}
