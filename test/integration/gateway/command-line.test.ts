import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { createDataFolder, RunningGateway } from "../../support/run-gateway.ts";

describe("the gateway's command line", () => {
  test("--help names its variables, --version its version", async ({ expect }) => {
    const help = new RunningGateway(createDataFolder(), {}, ["--help"]);
    expect(await help.ended()).toBe(0);
    expect(help.stdout).toContain("data_dir");
    const version = new RunningGateway(createDataFolder(), {}, ["--version"]);
    expect(await version.ended()).toBe(0);
    expect(version.stdout).toMatch(/Version: \d+\.\d+\.\d+/);
  });

  test("ends with 78 at a bad variable, 2 at an unknown argument, 1 where the port or folder is taken", async ({
    expect,
  }) => {
    const bad = new RunningGateway(createDataFolder(), { scaling: "magic" });
    expect(await bad.ended()).toBe(78);
    expect(bad.stderr).toContain("scaling");
    expect(await new RunningGateway(createDataFolder(), {}, ["--hlep"]).ended()).toBe(2);
    const folder = createDataFolder();
    const running = await RunningGateway.start(folder);
    const sameFolder = new RunningGateway(folder);
    expect(await sameFolder.ended()).toBe(1);
    const { port } = new URL(running.url);
    const samePort = new RunningGateway(createDataFolder(), { port });
    expect(await samePort.ended()).toBe(1);
    expect(samePort.stderr).toContain("variable port");
  });

  test("names a data_dir that cannot be one, and says why", async ({ expect }) => {
    const file = join(createDataFolder(), "file");
    writeFileSync(file, "");
    const unlockable = createDataFolder();
    mkdirSync(join(unlockable, "lock.sqlite"));
    for (const folder of [file, unlockable]) {
      const gateway = new RunningGateway(folder);
      expect(await gateway.ended()).toBe(1);
      expect(gateway.stderr).toMatch(/^data_dir \S+ cannot be used: .+\.$/m);
      expect(gateway.stderr).toContain(folder);
    }
  });
});
