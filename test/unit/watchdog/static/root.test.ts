import { execFileSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, test } from "vitest";
import { Root } from "../../../../src/watchdog/static/root.ts";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";
import { until } from "../../../support/until.ts";

/** A site, and a secret beside it. */
function prepare() {
  const folder = createTemporaryFolder();
  const [site, beside] = [join(folder.path, "site"), join(folder.path, "site-beside")];
  for (const path of [site, beside]) mkdirSync(path);
  writeFileSync(join(site, "inside"), "inside");
  writeFileSync(join(beside, "secret"), "secret");
  return { ...folder, site, beside, [Symbol.dispose]: folder[Symbol.dispose] };
}

function readAll(root: Root, name: string): string {
  using pinned = root.pin(name);
  const descriptor = pinned.open();
  const text = readFileSync(descriptor, "latin1");
  closeSync(descriptor);
  return text;
}

const WAYS = process.platform === "linux" ? [true, false] : [false];

test.skipIf(process.platform !== "linux")(
  "a file that is exchanged for a link all the time is itself, or not there, and never the other (T28)",
  async ({ expect }) => {
    using folders = prepare();
    await using exchanging = startExchanging(
      join(folders.site, "x"),
      join(folders.beside, "secret"),
    );
    void exchanging;
    const root = new Root(folders.site);
    const seen = new Set<string>();
    const look = () => {
      try {
        seen.add(readAll(root, "x"));
      } catch (error) {
        seen.add((error as NodeJS.ErrnoException).code ?? "");
      }
    };
    await until("both have been met", () => {
      for (let index = 0; index < 2000; index++) look();
      return seen.has("inside") && seen.has("ENOENT");
    });
    expect([...seen].toSorted()).toEqual(["ENOENT", "inside"]);
  },
);

/** In a thread of its own, as fast as it can. */
function startExchanging(path: string, secret: string): AsyncDisposable {
  const worker = new Worker(
    `const { renameSync, symlinkSync, writeFileSync } = require("node:fs");
    const { path, secret } = require("node:worker_threads").workerData;
    for (;;) {
      writeFileSync(path + "-next", "inside");
      renameSync(path + "-next", path);
      symlinkSync(secret, path + "-next");
      renameSync(path + "-next", path);
    }`,
    { eval: true, workerData: { path, secret } },
  );
  return { [Symbol.asyncDispose]: async () => void (await worker.terminate()) };
}

describe.for(WAYS)("a root whose descriptors can be opened anew: %s", (isPinnable) => {
  test("gives what is in it, by links within it too, and when it is a link itself", ({
    expect,
  }) => {
    using folders = prepare();
    symlinkSync("inside", join(folders.site, "link"));
    symlinkSync(folders.site, join(folders.path, "current"));
    for (const path of [folders.site, `${folders.site}/`, join(folders.path, "current")]) {
      const root = new Root(path, isPinnable);
      expect(readAll(root, "inside")).toBe("inside");
      expect(readAll(root, "link")).toBe("inside");
    }
  });

  test("knows nothing of what links lead out to, be it a file, a folder or a part of a path (T28)", ({
    expect,
  }) => {
    using folders = prepare();
    const root = new Root(folders.site, isPinnable);
    symlinkSync(join(folders.beside, "secret"), join(folders.site, "file"));
    symlinkSync(folders.beside, join(folders.site, "folder"));
    symlinkSync("../site-beside/secret", join(folders.site, "relative"));
    symlinkSync("folder/secret", join(folders.site, "by-way-of-a-link"));
    symlinkSync("..", join(folders.site, "up"));
    symlinkSync("/", join(folders.site, "all"));
    const names = "file folder folder/ folder/secret relative by-way-of-a-link up up/site-beside";
    for (const name of [...names.split(" "), "all/etc/passwd", "../site-beside/secret", ".."]) {
      expect(() => root.pin(name), name).toThrow(expect.objectContaining({ code: "ENOENT" }));
    }
  });

  test("gives the file that it found, whatever takes its place afterwards (T28)", ({ expect }) => {
    using folders = prepare();
    using pinned = new Root(folders.site, isPinnable).pin("inside");
    renameSync(join(folders.site, "inside"), join(folders.site, "moved"));
    symlinkSync(join(folders.beside, "secret"), join(folders.site, "inside"));
    if (isPinnable) {
      const descriptor = pinned.open();
      expect(readFileSync(descriptor, "latin1")).toBe("inside");
      closeSync(descriptor);
    } else {
      expect(() => pinned.open()).toThrow();
    }
  });

  test("finds a FIFO and does not wait for it", ({ expect }) => {
    using folders = prepare();
    execFileSync("mkfifo", [join(folders.site, "fifo")]);
    using pinned = new Root(folders.site, isPinnable).pin("fifo");
    expect(pinned.stats.isFIFO()).toBe(true);
  });

  test("leaves no descriptor behind, whatever it is asked for", ({ expect }) => {
    using folders = prepare();
    const root = new Root(folders.site, isPinnable);
    const descriptors = () => readdirSync("/dev/fd").length;
    symlinkSync("/etc/passwd", join(folders.site, "out"));
    const before = descriptors();
    for (let index = 0; index < 50; index++) {
      readAll(root, "inside");
      expect(() => root.pin("out")).toThrow();
      expect(() => root.pin("missing")).toThrow();
      expect(() => root.pin("inside/x")).toThrow();
    }
    expect(descriptors()).toBe(before);
  });
});
