import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import { RunningWatchdog } from "../conformance/watchdog.ts";
import { fixture } from "../support/fixture.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

test("a watchdog that leaves its function behind is ended together with it", async ({ expect }) => {
  using folder = createTemporaryFolder();
  const fprocess = join(folder.path, "pid");
  const command = [process.execPath, fixture("leaves-its-function.mjs")];
  const watchdog = await RunningWatchdog.start(command, { fprocess });
  const pid = Number(readFileSync(fprocess, "utf8"));
  expect(state(pid)).toMatch(/[SR]/);
  await watchdog[Symbol.asyncDispose]();
  await until("nobody is left", () => /[ZX-]/.test(state(pid)));
});

/** `-`: there is no such process. */
function state(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^.*\) (.).*$/s, "$1");
  } catch {
    return "-";
  }
}
