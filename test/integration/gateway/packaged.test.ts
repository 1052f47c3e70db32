import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../../support/package.ts";
import { createDataFolder, findProcessesIn, RunningGateway } from "../../support/run-gateway.ts";
import { until } from "../../support/until.ts";

/** All that the npm package has, built anew, and nothing else. */
function buildPackage(): string {
  const folder = createDataFolder();
  for (const config of [".tsdown.config.ts", ".tsdown.gateway.config.ts"]) {
    const out = ["--out-dir", join(folder, "dist/bin")];
    execFileSync("tsdown", ["--config", config, "--logLevel", "error", ...out], { cwd: project });
  }
  const { files } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  for (const name of ["package.json", ...files].filter((file) => !file.startsWith("dist/bin/"))) {
    if (existsSync(join(project, name))) {
      cpSync(join(project, name), join(folder, name), { recursive: true });
    }
  }
  return folder;
}

test("the packaged gateway starts, deploys, invokes and queues where there are no sources", async () => {
  const [packaged, folder] = [buildPackage(), createDataFolder()];
  const program = join(packaged, "dist/bin/gateway.cjs");
  const gateway = await RunningGateway.start(folder, { samples: "true" }, program);
  expect(gateway.stderr).not.toContain('"warn"');
  expect(await gateway.deploy("cat", "cat")).toBe(202);
  const post = { method: "POST", body: "hello" };
  expect(await (await gateway.ask("/function/cat", post)).text()).toBe("hello");
  expect(await (await gateway.ask("/function/nodeinfo", post)).text()).toContain("Platform");
  const headers = { "X-Call-Id": "call-1" };
  expect((await gateway.ask("/async-function/cat", { ...post, headers })).status).toBe(202);
  await until("it ran", async () => {
    const found = (await (await gateway.ask("/system/async/call-1")).json()) as { state: string };
    return found.state === "completed";
  });
  expect((await gateway.ask("/ui/")).status).toBe(200);
  const { version } = (await (await gateway.ask("/system/info")).json()) as {
    version: Record<string, string>;
  };
  const { version: release } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  expect(version).toMatchObject({ release, sha: expect.stringMatching(/^[\da-f]{40}$|^unknown$/) });
  expect(version.commit_message).not.toBe("");
  const command = new RunningGateway(folder, {}, ["backup", join(folder, "backup")], program);
  expect(await command.ended()).toBe(0);
  gateway.process.kill("SIGTERM");
  expect(await gateway.ended()).toBe(0);
  expect(findProcessesIn(folder)).toEqual([]);
});
