import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { Files, type FoundFile } from "../../../../src/watchdog/static/files.ts";
import { Root } from "../../../../src/watchdog/static/root.ts";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";

const CONFIG = {
  spa: false,
  listing: false,
  cacheControl: "no-cache",
  immutable: undefined,
} as const;

function ask(files: Files): Promise<FoundFile> {
  const recalled = files.recall("a.txt", []);
  if (recalled !== undefined) return Promise.resolve(recalled);
  const opened = files.open("a.txt", []);
  if (opened.kind === "folder") throw new Error("a.txt is a folder");
  if (opened.kind === "file") return Promise.resolve(opened);
  return new Promise((resolve, reject) => {
    files.load(opened, (result) => {
      if (result instanceof Error) reject(result);
      else resolve(result);
    });
  });
}

test.for([1, 2, 3])(
  "a file that settles after the time was asked for %d times is not kept with the weak tag of before",
  async (looksBefore) => {
    const folder = createTemporaryFolder();
    onTestFinished(() => folder[Symbol.dispose]());
    writeFileSync(join(folder.path, "a.txt"), "0123456789");
    const files = new Files(new Root(folder.path), { path: folder.path, ...CONFIG });
    const start = Date.now();
    let looks = 0;
    const now = vi.spyOn(Date, "now");
    onTestFinished(() => now.mockRestore());
    now.mockImplementation(() => start + (looks++ < looksBefore ? 0 : 5_000));
    await ask(files);
    looks = looksBefore;
    expect((await ask(files)).representation.etag).toMatch(/^"/);
  },
);
