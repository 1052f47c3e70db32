import { execFileSync } from "node:child_process";
import { describe, test } from "vitest";
import { readSourceCommitMessage } from "../../src/process/commit-message.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

describe("what the commit says", () => {
  test("is its first line, also in a fresh clone, where all is packed", ({ expect }) => {
    using folder = createTemporaryFolder();
    const git = (...given: string[]) => {
      const author = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];
      execFileSync("git", ["-C", folder.path, ...author, ...given], { stdio: "ignore" });
    };
    git("init");
    git("commit", "--allow-empty", "--message", "Begin with größe\n\nAnd more of it.");
    expect(readSourceCommitMessage(folder.path)).toBe("Begin with größe");
    git("gc", "--quiet");
    expect(readSourceCommitMessage(folder.path)).toBe("Begin with größe");
  });

  test("is unknown where there is no repository, and never empty", ({ expect }) => {
    using folder = createTemporaryFolder();
    expect(readSourceCommitMessage(folder.path)).toBe("unknown");
  });
});
