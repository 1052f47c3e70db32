import { get } from "node:http";
import { test } from "vitest";
import { startTestWatchdog, toGet } from "../../support/start-watchdog.ts";

const MEBIBYTE = 1024 * 1024;

test("while one program writes as fast as its client reads, others are answered, and no memory is filled (T50)", async ({
  expect,
}) => {
  const watchdog = await startTestWatchdog({
    mode: "streaming",
    fprocess: "head -c 1000000000000 /dev/zero",
    exec_timeout: "0",
  });
  let flooded = 0;
  const flood = get({ port: watchdog.port, host: "127.0.0.1" }, (answer) => {
    answer.on("data", (chunk: Buffer) => {
      flooded += chunk.length;
    });
    answer.on("error", () => {});
  });
  flood.on("error", () => {});
  const before = process.memoryUsage().rss;
  for (let count = 0; flooded < 200 * MEBIBYTE || count < 100; count++) {
    expect((await watchdog.ask(toGet("/_/health"))).status).toBe(200);
  }
  // Both ends are in this process, and chunks wait for its garbage collector.
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * MEBIBYTE);
  flood.destroy();
});
