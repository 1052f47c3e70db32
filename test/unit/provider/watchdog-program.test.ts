import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, onTestFinished, test } from "vitest";
import { findWatchdogProgram } from "../../../src/provider/watchdog-program.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";

const BUNDLE = "dist/bin/fwatchdog.cjs";
const SINGLE = `dist/linux-${process.arch}/fwatchdog`;
const SOURCES = ["bin/fwatchdog.ts", "src/watchdog/modes/http.ts", "src/core/errors.ts"];

/** A folder with these files, each as old as is said, in seconds. */
function createProgramFolder(ages: Readonly<Record<string, number>>): string {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  for (const [file, age] of Object.entries(ages)) {
    const path = join(folder.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
    const time = Date.now() / 1000 - age;
    utimesSync(path, time, time);
  }
  return folder.path;
}

const aged = (age: number) => Object.fromEntries(SOURCES.map((file) => [file, age]));
const find = (root: string) => findWatchdogProgram(root, "/node");

describe("the program that replicas run", () => {
  test.runIf(process.platform === "linux")(
    "is the single file where that is as new as its sources",
    ({ expect }) => {
      const root = createProgramFolder({ ...aged(9), [SINGLE]: 5, [BUNDLE]: 1 });
      expect(find(root)).toEqual({ command: [join(root, SINGLE)], warnings: [] });
    },
  );

  test("is the bundle where the single file is older than one of its sources", ({ expect }) => {
    const root = createProgramFolder({
      ...aged(9),
      [SINGLE]: 5,
      "src/core/new.ts": 3,
      [BUNDLE]: 1,
    });
    const { command, warnings } = find(root);
    expect([command[0], command.at(-1)]).toEqual(["/node", join(root, BUNDLE)]);
    expect(warnings).toEqual([]);
  });

  test("is the source, and that is said, where the bundle is older than one of its sources", ({
    expect,
  }) => {
    const root = createProgramFolder({ ...aged(9), [BUNDLE]: 5, "src/http/deep/new.ts": 3 });
    const { command, warnings } = find(root);
    expect([command[0], command.at(-1)]).toEqual(["/node", join(root, "bin/fwatchdog.ts")]);
    expect(warnings).toEqual([expect.stringContaining("is older than its sources")]);
  });

  test("is the source, and that is said, where nothing is built", ({ expect }) => {
    const root = createProgramFolder(aged(9));
    expect(find(root).command.at(-1)).toBe(join(root, "bin/fwatchdog.ts"));
    expect(find(root).warnings).toEqual([expect.stringContaining("is not built")]);
  });

  test("does not depend on what is no part of a watchdog", ({ expect }) => {
    const gateway = { "src/gateway/api/api.ts": 1, "bin/gateway.ts": 1 };
    const root = createProgramFolder({ ...aged(9), [BUNDLE]: 5, ...gateway });
    expect(find(root).command.at(-1)).toBe(join(root, BUNDLE));
  });

  test("is what was built, however old, where there are no sources", ({ expect }) => {
    const root = createProgramFolder({ [BUNDLE]: 1e6 });
    expect(find(root).command.at(-1)).toBe(join(root, BUNDLE));
    expect(find(root).warnings).toEqual([]);
  });
});
