import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, test } from "vitest";
import { singleFile } from "../support/package.ts";

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

  test("needs no library, and no program to interpret it", ({ expect }) => {
    const headers = execFileSync("readelf", ["--program-headers", fwatchdog], { encoding: "utf8" });
    expect(headers).not.toMatch(/INTERP|DYNAMIC/);
  });
});
