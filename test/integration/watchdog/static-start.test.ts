import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { askRaw, RawClient } from "../../support/raw-http.ts";
import { Fwatchdog } from "../../support/run-fwatchdog.ts";
import { toGet } from "../../support/start-watchdog.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";
import { until } from "../../support/until.ts";

describe("a start with mode=static", () => {
  test("whose folder is not there, or is none, fails and says so", async ({ expect }) => {
    using folder = createTemporaryFolder();
    writeFileSync(join(folder.path, "file"), "");
    for (const [name, reason] of [
      ["none", "there is no such folder"],
      ["file", "it is no folder"],
    ] as const) {
      const program = new Fwatchdog({ mode: "static", static_path: join(folder.path, name) });
      expect(await program.ended()).toBe(1);
      expect(program.stderr).toContain(`/${name}" cannot be served: ${reason}.`);
    }
  });

  test("goes on without its folder with strict_config=false, and serves it when it is there", async ({
    expect,
  }) => {
    using folder = createTemporaryFolder();
    const site = join(folder.path, "site");
    const program = new Fwatchdog({
      mode: "static",
      static_path: site,
      strict_config: "false",
      host: "127.0.0.1",
    });
    const port = await program.port();
    expect((await askRaw(port, toGet("/a.txt"))).status).toBe(404);
    mkdirSync(site);
    writeFileSync(join(site, "a.txt"), "late");
    expect((await askRaw(port, toGet("/a.txt"))).body).toBe("late");
    expect(program.stderr).toContain("there is no such folder");
  });

  test.skipIf(process.platform !== "linux")(
    "starts no process besides itself",
    async ({ expect }) => {
      using folder = createTemporaryFolder();
      const program = new Fwatchdog({ mode: "static", static_path: folder.path });
      await program.port();
      const pid = program.process.pid as number;
      const children = readdirSync(`/proc/${pid}/task`).map((task) =>
        readFileSync(`/proc/${pid}/task/${task}/children`, "latin1"),
      );
      expect(children.join("")).toBe("");
      program.signal("SIGINT");
      expect(await program.ended()).toBe(0);
    },
  );
});

test.skipIf(process.platform !== "linux")(
  "a file for which no descriptor is left is 503, health is not, and it is served when there is one again",
  async ({ expect }) => {
    using folder = createTemporaryFolder();
    writeFileSync(join(folder.path, "a.txt"), "a");
    const program = new Fwatchdog({ mode: "static", static_path: folder.path, host: "127.0.0.1" });
    const client = await RawClient.connect(await program.port());
    const status = async (path: string) => {
      client.send(toGet(path));
      return (await client.answer()).status;
    };
    expect(await status("/none.txt")).toBe(404);
    const pid = program.process.pid as number;
    limitDescriptors(pid, readdirSync(`/proc/${pid}/fd`).length);
    expect(await status("/a.txt")).toBe(503);
    expect(await status("/_/health")).toBe(200);
    limitDescriptors(pid, 1024);
    expect(await status("/a.txt")).toBe(200);
    await until("the log says why", () =>
      program.stderr.includes("A file cannot be served: EMFILE"),
    );
  },
);

function limitDescriptors(pid: number, limit: number): void {
  execFileSync("prlimit", [`--pid=${pid}`, `--nofile=${limit}:`]);
}
