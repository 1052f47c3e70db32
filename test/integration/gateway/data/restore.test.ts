import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { onTestFinished, test } from "vitest";
import { backUp } from "../../../../src/gateway/data/back-up.ts";
import { stageRestore, takeRestored } from "../../../../src/gateway/data/restore.ts";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";

const ITEMS = ["a", "below/b"].map((path) => ({ path, kind: "file" as const }));

/** A data directory of today, into which a backup of yesterday is to be restored. */
function createData(): string {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  const [data, backup] = [join(folder.path, "data"), join(folder.path, "backup")];
  mkdirSync(join(data, "below"), { recursive: true });
  for (const { path } of ITEMS) writeFileSync(join(data, path), "yesterday");
  backUp({ dataDirectory: data, folder: backup, items: ITEMS, release: "1.2.3" });
  for (const { path } of ITEMS) writeFileSync(join(data, path), "today");
  stageRestore(backup, data, ITEMS);
  return data;
}

const textsIn = (folder: string) =>
  ITEMS.map(({ path }) => readFileSync(join(folder, path), "utf8"));

function replacedIn(data: string): string {
  const [name = ""] = readdirSync(data).filter((entry) => entry.startsWith("replaced-"));
  return join(data, name);
}

test("a restore takes the place of what was there, which is kept, and happens once", ({
  expect,
}) => {
  const data = createData();
  expect(textsIn(data)).toEqual(["today", "today"]);
  expect(takeRestored(data, ITEMS)).toBe(true);
  expect(textsIn(data)).toEqual(["yesterday", "yesterday"]);
  expect(textsIn(replacedIn(data))).toEqual(["today", "today"]);
  expect(takeRestored(data, ITEMS)).toBe(false);
  expect(textsIn(data)).toEqual(["yesterday", "yesterday"]);
});

test("a restore that died while it set aside what was there is finished by the next one", ({
  expect,
}) => {
  const data = createData();
  const replaced = join(data, "replaced-2026-01-01");
  mkdirSync(replaced);
  renameSync(join(data, "a"), join(replaced, "a"));
  expect(takeRestored(data, ITEMS)).toBe(true);
  expect(textsIn(data)).toEqual(["yesterday", "yesterday"]);
  expect(existsSync(join(replaced, "a"))).toBe(true);
});

test("a restore that died while it put the backup into its place is finished by the next one", ({
  expect,
}) => {
  const data = createData();
  const replaced = join(data, "replaced-2026-01-01");
  mkdirSync(join(replaced, "below"), { recursive: true });
  for (const { path } of ITEMS) renameSync(join(data, path), join(replaced, path));
  renameSync(join(data, "restore"), join(data, "restore-taken"));
  renameSync(join(data, "restore-taken/a"), join(data, "a"));
  expect(takeRestored(data, ITEMS)).toBe(true);
  expect(textsIn(data)).toEqual(["yesterday", "yesterday"]);
  expect(textsIn(replaced)).toEqual(["today", "today"]);
});
