import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test as base, describe } from "vitest";
import { formatVersionLine, readSourceVersion, readVersion } from "../../../src/config/version.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";

const test = base.extend<{ checkout: (files: Readonly<Record<string, string>>) => string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of fixtures from it
  checkout: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "checkout-"));
    await use((files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      return folder;
    });
    rmSync(folder, { recursive: true });
  },
});

describe("version and commit", () => {
  test("are never empty, and the version is the manifest's", ({ expect }) => {
    const manifest = JSON.parse(
      readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8"),
    );
    expect(readVersion().version).toBe(manifest.version);
    expect(readVersion().sha).not.toBe("");
  });

  test("are said to be unknown where there is neither manifest nor repository", ({
    expect,
    checkout,
  }) => {
    expect(readSourceVersion(checkout({}))).toEqual({ version: "dev", sha: "unknown" });
  });

  test("come from a branch", ({ expect, checkout }) => {
    const folder = checkout({
      "package.json": '{\n  "name": "x",\n  "version": "1.2.3"\n}\n',
      ".git/HEAD": "ref: refs/heads/main\n",
      ".git/refs/heads/main": `${SHA}\n`,
    });
    expect(readSourceVersion(folder)).toEqual({ version: "1.2.3", sha: SHA });
  });

  test("come from packed branches", ({ expect, checkout }) => {
    const packed = `# pack-refs\n${"f".repeat(40)} refs/heads/not/main\n${SHA} refs/heads/main\n`;
    const folder = checkout({ ".git/HEAD": "ref: refs/heads/main\n", ".git/packed-refs": packed });
    expect(readSourceVersion(folder).sha).toBe(SHA);
  });

  test("come from a commit that is checked out by itself", ({ expect, checkout }) => {
    expect(readSourceVersion(checkout({ ".git/HEAD": `${SHA}\n` })).sha).toBe(SHA);
  });

  test("come from a worktree", ({ expect, checkout }) => {
    const folder = checkout({
      "main/.git/worktrees/tree/HEAD": "ref: refs/heads/side\n",
      "main/.git/worktrees/tree/commondir": "../..\n",
      "main/.git/refs/heads/side": `${SHA}\n`,
    });
    checkout({ "tree/.git": `gitdir: ${folder}/main/.git/worktrees/tree\n` });
    expect(readSourceVersion(join(folder, "tree")).sha).toBe(SHA);
  });
});

test("--version prints the line of the Go watchdogs, in local time", ({ expect }) => {
  const line = formatVersionLine({ version: "0.1.0", sha: SHA }, new Date(2026, 0, 2, 3, 4, 5));
  expect(line).toBe(`2026/01/02 03:04:05 Version: 0.1.0\tSHA: ${SHA}`);
});
