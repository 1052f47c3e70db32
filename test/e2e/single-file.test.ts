import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "vitest";
import { project, singleFile } from "../support/package.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

const machine = process.arch;
const fwatchdog = singleFile(machine);
const manifest = JSON.parse(readFileSync(`${project}package.json`, "utf8"));

/** With nothing in the environment but what is given. */
function run(flag: string, environment: NodeJS.ProcessEnv = {}) {
  return spawnSync(fwatchdog, [flag], { env: environment, encoding: "utf8" });
}

describe.skipIf(!existsSync(fwatchdog) && !process.env.CI)("the single file", () => {
  for (const flag of ["--version", "-version"]) {
    test(`answers ${flag} with the line that the Go watchdogs print`, ({ expect }) => {
      const { status, stderr } = run(flag);
      expect(stderr).toMatch(
        /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d Version: (\S+)\tSHA: ([\da-f]{40}|unknown)\n$/,
      );
      expect(stderr).toContain(`Version: ${manifest.version}\t`);
      expect(stderr.slice(0, 10)).toBe(new Date().toISOString().slice(0, 10).replaceAll("-", "/"));
      expect(status).toBe(0);
    });
  }

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

  test("is healthy while its lock file is there", ({ expect }) => {
    using folder = createTemporaryFolder();
    writeFileSync(`${folder.path}/.lock`, "");
    expect(run("--run-healthcheck", { TMPDIR: folder.path }).status).toBe(0);
  });

  test("without a lock file is healthy if its port answers 200 to the health check", async ({
    expect,
  }) => {
    using folder = createTemporaryFolder();
    const server = createServer((request, response) => {
      response.writeHead(request.url === "/_/health" ? 200 : 404).end();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const environment = { TMPDIR: folder.path, port: String(port) };
    const check = spawn(fwatchdog, ["--run-healthcheck"], { env: environment });
    const [code] = await once(check, "exit");
    server.close();
    expect(code).toBe(0);
  });

  test("without a lock file and a watchdog is unhealthy, and says so", async ({ expect }) => {
    using folder = createTemporaryFolder();
    const server = createServer((_request, response) => response.writeHead(503).end());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const check = spawn(fwatchdog, ["--run-healthcheck"], {
      env: { TMPDIR: folder.path, port: String(port) },
    });
    const [said] = await once(check.stderr, "data");
    const [code] = await once(check, "exit");
    server.close();
    expect([code, String(said)]).toEqual([1, "unable to find lock file.\n"]);
  });

  test("prints its help, which Node composes", ({ expect }) => {
    const { status, stdout, stderr } = run("--help");
    expect(stdout + stderr).toContain("fprocess");
    expect(status).toBe(0);
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
