import { test } from "vitest";
import { startWatchdog } from "../support/docker/container.ts";
import { describeInEngine } from "../support/docker/describe-in-engine.ts";
import { imageOn } from "../support/docker/images.ts";

describeInEngine(
  "an image on a platform that says where to listen (Knative, Cloud Run)",
  (docker) => {
    for (const PORT of ["8080", "9000", "8081"]) {
      test(`PORT=${PORT}: it is served there, and healthy, with nothing else set`, async ({
        expect,
      }) => {
        const image = imageOn("alpine");
        const environment = { PORT, K_SERVICE: "wc", fprocess: "cat" };
        await using watchdog = await startWatchdog(docker, { image, environment });
        const answer = await fetch(watchdog.url, { method: "POST", body: "hello" });
        expect(await answer.text()).toBe("hello");
        await docker.run(["exec", watchdog.id, "fwatchdog", "--run-healthcheck"]);
      });
    }
  },
);
