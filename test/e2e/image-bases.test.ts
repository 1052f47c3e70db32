import { test } from "vitest";
import { startWatchdog } from "../support/docker/container.ts";
import { describeInEngine } from "../support/docker/describe-in-engine.ts";
import { imageOn, systems } from "../support/docker/images.ts";

const line = "It was the best of times, it was the worst of times.\n";
const book = line.repeat(20_000);

describeInEngine("one file in any image", (docker) => {
  for (const system of systems) {
    test(`on ${system} a program answers with its output`, async ({ expect }) => {
      const image = imageOn(system);
      await using watchdog = await startWatchdog(docker, {
        image,
        environment: { fprocess: "cat" },
      });
      const answer = await fetch(watchdog.url, { method: "POST", body: "hello" });
      expect([answer.status, await answer.text()]).toEqual([200, "hello"]);
    });
  }

  test("wc counts a book that is sent as a request's body", async ({ expect }) => {
    const image = imageOn("alpine");
    await using watchdog = await startWatchdog(docker, { image, environment: { fprocess: "wc" } });
    const answer = await fetch(watchdog.url, { method: "POST", body: book });
    const counts = (await answer.text()).trim().split(/\s+/).map(Number);
    expect(counts).toEqual([20_000, 240_000, book.length]);
  });

  test("a read-only root and a /tmp that nothing may be run from are enough", async ({
    expect,
  }) => {
    await using watchdog = await startWatchdog(docker, {
      image: imageOn("busybox"),
      environment: { fprocess: "cat" },
      options: ["--read-only", "--tmpfs", "/tmp:rw,noexec,nosuid,size=1m"],
    });
    const answer = await fetch(watchdog.url, { method: "POST", body: "hello" });
    expect(await answer.text()).toBe("hello");
  });

  test("any user id does, without capabilities and privileges to gain", async ({ expect }) => {
    await using watchdog = await startWatchdog(docker, {
      image: imageOn("distroless"),
      environment: { fprocess: "cat" },
      options: [
        ...["--user", "51234:51234", "--cap-drop", "ALL"],
        ...["--security-opt", "no-new-privileges"],
      ],
    });
    const answer = await fetch(watchdog.url, { method: "POST", body: "hello" });
    expect(await answer.text()).toBe("hello");
  });

  test("the base image runs as the user app, and says which ports it has", async ({ expect }) => {
    const config = await docker.inspect<{ User: string; ExposedPorts: object; Cmd: string[] }>(
      imageOn("alpine"),
      ".Config",
    );
    expect([config.User, Object.keys(config.ExposedPorts), config.Cmd]).toEqual([
      "app",
      ["8080/tcp", "8081/tcp"],
      ["fwatchdog"],
    ]);
  });

  test("the health check finds a watchdog that listens", async ({ expect }) => {
    const image = imageOn("busybox");
    await using watchdog = await startWatchdog(docker, { image, environment: { fprocess: "cat" } });
    const status = () => docker.inspect<string>(watchdog.id, ".State.Health.Status");
    await expect.poll(status, { timeout: 20_000 }).toBe("healthy");
  });
});
