import { test } from "vitest";
import { type Container, startWatchdog } from "../support/docker/container.ts";
import { describeInEngine } from "../support/docker/describe-in-engine.ts";
import type { Docker } from "../support/docker/docker.ts";
import { imageOn } from "../support/docker/images.ts";

const REQUESTS = 2000;
const AT_A_TIME = 8;

describeInEngine("a container's memory limit", (docker) => {
  test("96 MiB serve a load, and every request is answered", async ({ expect, annotate }) => {
    await using watchdog = await startLimited(docker, "96m");
    const load = await loadWith(watchdog);
    await annotate(describeLoad("96 MiB", load));
    expect(load.answered).toBe(REQUESTS);
    expect(await watchdog.logs()).not.toMatch(/memory limit/i);
  });

  test("64 MiB serve a load, and every request is answered", async ({ expect, annotate }) => {
    await using watchdog = await startLimited(docker, "64m");
    const load = await loadWith(watchdog);
    await annotate(describeLoad("64 MiB", load));
    expect(load.answered).toBe(REQUESTS);
  });

  test("a limit below what was measured to work is said at start", async ({ expect }) => {
    await using watchdog = await startLimited(docker, "60m");
    expect(await watchdog.logs()).toMatch(/memory limit is 60/i);
  });
});

function startLimited(docker: Docker, limit: string): Promise<Container> {
  return startWatchdog(docker, {
    image: imageOn("busybox"),
    environment: { fprocess: "cat" },
    options: ["--memory", limit, "--memory-swap", limit],
  });
}

interface Load {
  readonly answered: number;
  readonly perSecond: number;
  readonly slowestMs: number;
}

async function loadWith({ url }: Container): Promise<Load> {
  const begun = performance.now();
  let left = REQUESTS;
  let answered = 0;
  let slowestMs = 0;
  const work = async () => {
    while (left-- > 0) {
      const start = performance.now();
      const answer = await fetch(url, { method: "POST", body: "hello" });
      if (answer.status === 200 && (await answer.text()) === "hello") answered++;
      slowestMs = Math.max(slowestMs, performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  const seconds = (performance.now() - begun) / 1000;
  return { answered, perSecond: Math.round(REQUESTS / seconds), slowestMs: Math.round(slowestMs) };
}

function describeLoad(limit: string, { perSecond, slowestMs }: Load): string {
  return `${limit}: ${perSecond} requests a second, the slowest took ${slowestMs} ms`;
}
