import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { singleFile } from "../support/package.ts";
import { type Packaged, startPackaged } from "../support/start-packaged.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import {
  noSlicesReason,
  readSlice,
  SHORTEST_SLICE,
  toSliceNanoseconds,
} from "../support/time-slice.ts";

const fwatchdog = singleFile(process.arch);

/** With nothing in the environment but what is given. */
function run(flag: string, environment: NodeJS.ProcessEnv = {}) {
  return spawnSync(fwatchdog, [flag], { env: environment, encoding: "utf8" });
}

describe.skipIf(!existsSync(fwatchdog) && !process.env.CI)("the single file", () => {
  test("prints the licence of everything in it", ({ expect }) => {
    const { status, stdout } = run("--licenses");
    expect(status).toBe(0);
    for (const title of [
      "Breeze",
      "Node.js",
      "pino",
      "GNU Lesser General Public License 2.1",
      "GCC Runtime Library Exception",
    ]) {
      expect(stdout).toContain(title);
    }
  });

  test("ends with 78 and names the bad variable", ({ expect }) => {
    const { status, stderr } = run("--", { fprocess: "cat", port: "nowhere" });
    expect(stderr).toContain("port");
    expect(status).toBe(78);
  });

  test("serves files, and nothing that a link leads out to, as a user to whom its /proc is closed (T28)", async ({
    expect,
  }) => {
    using folder = createTemporaryFolder();
    chmodSync(folder.path, 0o755);
    writeFileSync(join(folder.path, "a.txt"), "hello");
    symlinkSync("/etc/passwd", join(folder.path, "out.txt"));
    const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] as const;
    const command =
      process.getuid?.() === 0 ? ([...nobody, fwatchdog] as const) : ([fwatchdog] as const);
    const environment = { mode: "static", static_path: folder.path, suppress_lock: "true" };
    await using watchdog = await startPackaged(command, environment);
    expect(await (await fetch(`${watchdog.url}/a.txt`)).text()).toBe("hello");
    expect((await fetch(`${watchdog.url}/out.txt`)).status).toBe(404);
  });

  test.skipIf(noSlicesReason())(
    "lets its Node in at once, by the shortest time slice there is",
    async ({ expect }) => {
      await using watchdog = await startPackaged([fwatchdog], { fprocess: "cat /proc/self/sched" });
      expect(readSlice(`/proc/${nodeOf(watchdog)}`)).toBe(SHORTEST_SLICE);
      const ofFunction = await (await fetch(watchdog.url)).text();
      expect(toSliceNanoseconds(ofFunction)).toBe(readSlice("/proc/self"));
    },
  );

  test.skipIf(noSlicesReason())(
    "leaves its Node the kernel's own time slice where it starts no processes",
    async ({ expect }) => {
      using folder = createTemporaryFolder();
      const environment = { mode: "static", static_path: folder.path, suppress_lock: "true" };
      await using watchdog = await startPackaged([fwatchdog], environment);
      expect(readSlice(`/proc/${nodeOf(watchdog)}`)).toBe(readSlice("/proc/self"));
    },
  );

  test("needs no library, and no program to interpret it", ({ expect }) => {
    const headers = execFileSync("readelf", ["--program-headers", fwatchdog], { encoding: "utf8" });
    expect(headers).not.toMatch(/INTERP|DYNAMIC/);
  });
});

/** The first child of the first process. */
const nodeOf = ({ pid }: Packaged) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ")[0];
