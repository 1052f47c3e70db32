import { cpSync, writeFileSync } from "node:fs";
import { test } from "vitest";
import { tagOf } from "../support/docker/base-images.ts";
import { startWatchdog } from "../support/docker/container.ts";
import { describeInEngine } from "../support/docker/describe-in-engine.ts";
import type { Docker } from "../support/docker/docker.ts";
import { BINARY_IMAGE } from "../support/docker/images.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

const templates = new URL("../../templates/", import.meta.url).pathname;

/** With the watchdog and the languages that the tests have, and `docker build` alone. */
async function build(
  docker: Docker,
  folder: string,
  tag: string,
  ...more: string[]
): Promise<string> {
  const base = ["--build-arg", `BASE=${tagOf("languages")}`];
  const watchdog = ["--build-arg", `WATCHDOG=${BINARY_IMAGE}`];
  await docker.run(["build", ...base, ...watchdog, ...more, "--tag", tag, folder]);
  return tag;
}

/** The functions that greet: the same request and answer in each language. */
const greeting = ["bash", "python3", "node", "cgi"] as const;
const fetchText = async (url: string, init?: RequestInit) => {
  const answer = await fetch(url, init);
  return [answer.status, await answer.text(), answer.headers.get("content-type")];
};

describeInEngine("templates", (docker) => {
  for (const name of greeting) {
    test(`${name}: a function is built, greets, refuses, and is healthy as the user app`, async ({
      expect,
    }) => {
      const image = await build(docker, `${templates}${name}`, `breeze-test/template-${name}`);
      const options = ["--health-interval=1s"];
      await using watchdog = await startWatchdog(docker, { image, options });
      const type = "text/plain; charset=utf-8";
      const greeted = await fetchText(`${watchdog.url}/hi`, { method: "POST", body: "world" });
      expect(greeted).toEqual([200, "Hello, world! You sent a POST to /hi.\n", type]);
      const refused = await fetchText(watchdog.url);
      expect(refused).toEqual([400, "Whom shall I greet? Send a name.\n", type]);
      const config = await docker.inspect<{ User: string }>(image, ".Config");
      expect(config.User).toBe("app");
      await until("Docker finds it healthy", async () => {
        return (await docker.inspect<string>(watchdog.id, ".State.Health.Status")) === "healthy";
      });
    });
  }

  test("dockerfile: any program is a function", async ({ expect }) => {
    const folder = `${templates}dockerfile/function`;
    const image = await build(docker, folder, "breeze-test/template-dockerfile");
    await using watchdog = await startWatchdog(docker, { image });
    const body = "to be or not to be";
    const answer = await fetchText(`${watchdog.url}/count`, { method: "POST", body });
    expect(answer.slice(0, 2)).toEqual([200, "POST /count came with 6 words.\n"]);
  });

  const broken = {
    bash: "echo broken",
    python3: 'def handle(event, context):\n    return "broken"\n',
    node: 'export default () => "broken";\n',
    cgi: "#!/bin/sh\necho broken\n",
  };
  const handlers = {
    bash: "handler.sh",
    python3: "handler.py",
    node: "handler.js",
    cgi: "handler.cgi",
  };
  for (const name of greeting) {
    test(`${name}: a function that fails its test is no image, unless TEST=false`, async ({
      expect,
    }) => {
      using copy = createTemporaryFolder();
      cpSync(`${templates}${name}`, copy.path, { recursive: true });
      writeFileSync(`${copy.path}/function/${handlers[name]}`, broken[name]);
      const tag = `breeze-test/template-broken-${name}`;
      await expect(build(docker, copy.path, tag)).rejects.toThrow();
      await build(docker, copy.path, tag, "--build-arg", "TEST=false");
    });
  }

  test("python3: what the handler raises is a 500, and its traceback is in the log", async ({
    expect,
  }) => {
    using copy = createTemporaryFolder();
    cpSync(`${templates}python3`, copy.path, { recursive: true });
    writeFileSync(
      `${copy.path}/function/handler.py`,
      'def handle(event, context):\n    raise ValueError("no such thing")\n',
    );
    const arguments_ = ["--build-arg", "TEST=false"];
    const image = await build(docker, copy.path, "breeze-test/template-raises", ...arguments_);
    await using watchdog = await startWatchdog(docker, { image });
    expect((await fetch(watchdog.url)).status).toBe(500);
    expect(await watchdog.logs()).toContain("ValueError: no such thing");
  });
});
