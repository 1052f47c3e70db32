import { test } from "vitest";
import { startWatchdog } from "../support/docker/container.ts";
import { describeInEngine } from "../support/docker/describe-in-engine.ts";
import { imageOn } from "../support/docker/images.ts";

describeInEngine("a function's environment in the image", (docker) => {
  test("variables that would break Node or its loader reach the function, and it alone", async ({
    expect,
  }) => {
    await using watchdog = await startWatchdog(docker, {
      image: imageOn("busybox"), // its programs are static, so that the preload harms none of them
      environment: {
        fprocess: "env",
        NODE_OPTIONS: "--require ./missing.js",
        LD_PRELOAD: "/missing.so",
        MALLOC_ARENA_MAX: "7",
        SSL_CERT_FILE: "/missing.pem",
      },
    });
    const variables = (await (await fetch(watchdog.url)).text()).split("\n");
    expect(variables).toEqual(
      expect.arrayContaining([
        "NODE_OPTIONS=--require ./missing.js",
        "LD_PRELOAD=/missing.so",
        "MALLOC_ARENA_MAX=7",
        "SSL_CERT_FILE=/missing.pem",
      ]),
    );
    expect(await watchdog.logs()).not.toContain("missing");
  });

  test("what the watchdog's Node is told reaches no function", async ({ expect }) => {
    const environment = { fprocess: "env" };
    await using watchdog = await startWatchdog(docker, { image: imageOn("busybox"), environment });
    const names = (await (await fetch(watchdog.url)).text())
      .split("\n")
      .map((one) => one.split("=")[0]);
    for (const name of ["BREEZE_SPAWNER_FD", "NODE_CHANNEL_FD", "LD_PRELOAD", "MALLOC_ARENA_MAX"]) {
      expect(names).not.toContain(name);
    }
  });
});
