import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, onTestFinished, test, vi } from "vitest";
import { readWatchdogConfig } from "../../../src/config/read.ts";
import { createTelemetry } from "../../../src/watchdog/create-telemetry.ts";
import { createHealth } from "../../../src/watchdog/health.ts";
import { createStop } from "../../../src/watchdog/stop.ts";
import { createPipe } from "../../support/pipe.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";
import { until } from "../../support/until.ts";

/** A watchdog without requests: what stops it, and what it says. */
async function start(variables: Readonly<Record<string, string>>) {
  const folder = createTemporaryFolder();
  const pipe = createPipe();
  const { config } = readWatchdogConfig({ fprocess: "cat", TMPDIR: folder.path, ...variables });
  const telemetry = createTelemetry(config, pipe.descriptor);
  const health = createHealth(config);
  const server = createServer();
  let isClosed = false;
  let isQueueClosed = false;
  const admission = { close: () => (isQueueClosed = true) };
  const processes = {
    async close() {
      isClosed = true;
      telemetry.requestEnded("POST", 502, 1);
    },
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  health.accept();
  onTestFinished(async () => {
    await telemetry.close();
    server.close();
    pipe[Symbol.dispose]();
    folder[Symbol.dispose]();
  });
  return {
    lock: join(folder.path, ".lock"),
    telemetry,
    health,
    stop: createStop({ server, config, telemetry, health, processes, admission }),
    areProcessesClosed: () => isClosed,
    isQueueClosed: () => isQueueClosed,
    async said() {
      await telemetry.close();
      return pipe.read().toString();
    },
  };
}

const GO = { log_format: "text", healthcheck_interval: "20ms" };
const withoutTime = (text: string) => text.replace(/^\S+ \S+ /gm, "");

describe("a signal", () => {
  test("makes the watchdog unhealthy at once, removes the lock file and shows in the metrics (G7)", async ({
    expect,
  }) => {
    const { stop, health, lock, telemetry } = await start({ healthcheck_interval: "0" });
    expect(telemetry.metrics()).toContain("\nwatchdog_draining 0\n");
    const drained = stop.signal("SIGTERM");
    expect(stop.begun).toBe(true);
    expect(health.isHealthy()).toBe(false);
    expect(existsSync(lock)).toBe(false);
    expect(telemetry.metrics()).toContain("\nwatchdog_draining 1\n");
    expect(await drained).toBe(true);
  });

  test("is followed by the lines of the Go watchdogs with log_format=text", async ({ expect }) => {
    const { stop, said, lock } = await start(GO);
    expect(await stop.signal("SIGTERM")).toBe(true);
    expect(withoutTime(await said())).toBe(
      [
        "SIGTERM: no new connections in 20ms",
        `Removing lock-file : ${lock}`,
        "No new connections allowed, draining: 0 requests",
        "Exiting. Active connections: 0",
        "",
      ].join("\n"),
    );
  });

  test("is followed by a line of JSON for each step otherwise", async ({ expect }) => {
    const { stop, said } = await start({ healthcheck_interval: "20ms" });
    await stop.signal("SIGTERM");
    const records = (await said())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const common = { msg: "draining", inFlight: 0, signal: "SIGTERM" };
    expect(records).toMatchObject([
      { ...common, step: "not-ready", graceMs: 20 },
      { ...common, step: "closing" },
      { ...common, step: "drained" },
    ]);
  });

  test("from a terminal ends a watchdog with nothing in flight at once", async ({ expect }) => {
    const { stop, said } = await start({ healthcheck_interval: "1h", shutdown_timeout: "2h" });
    expect(await stop.signal("SIGINT")).toBe(true);
    expect(await said()).toContain('"signal":"SIGINT","graceMs":0');
  });

  test("that is the second hurries, and says which was the first", async ({ expect }) => {
    const { stop, said } = await start({
      ...GO,
      healthcheck_interval: "1h",
      shutdown_timeout: "2h",
    });
    const first = stop.signal("SIGTERM");
    expect(await stop.signal("SIGINT")).toBe(true);
    expect(await first).toBe(true);
    expect(await said()).toContain("SIGTERM: no new connections in 1h0m0s\n");
  });

  test("from a terminal that npm passes on besides counts once, a later one hurries", async ({
    expect,
  }) => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { stop, telemetry, isQueueClosed, areProcessesClosed } = await start({});
    onTestFinished(() => void vi.useRealTimers());
    telemetry.requestStarted();
    const stopped = stop.signal("SIGINT");
    await until("it waits for what is in flight", isQueueClosed);
    void stop.signal("SIGINT");
    await setTimeout(50);
    expect(areProcessesClosed()).toBe(false);
    vi.advanceTimersByTime(200);
    void stop.signal("SIGINT");
    expect(await stopped).toBe(false);
    expect(areProcessesClosed()).toBe(true);
  });

  test("ends every process that is left when the time is over, and tells so by its result", async ({
    expect,
  }) => {
    const { stop, telemetry, areProcessesClosed, said } = await start({
      ...GO,
      shutdown_timeout: "50ms",
    });
    telemetry.requestStarted();
    expect(await stop.signal("SIGTERM")).toBe(false);
    expect(areProcessesClosed()).toBe(true);
    expect(withoutTime(await said())).toMatch(
      /draining: 1 requests\nError in Shutdown: context deadline exceeded\nExiting. Active connections: 0\n$/,
    );
  });

  test("with nothing in flight ends no process", async ({ expect }) => {
    const { stop, areProcessesClosed } = await start({ healthcheck_interval: "0" });
    await stop.signal("SIGTERM");
    expect(areProcessesClosed()).toBe(false);
  });

  test("closes the queue when the listener closes, not before", async ({ expect }) => {
    const { stop, isQueueClosed } = await start({ healthcheck_interval: "1h" });
    const drained = stop.signal("SIGTERM");
    expect(isQueueClosed()).toBe(false);
    void stop.signal("SIGTERM");
    await drained;
    expect(isQueueClosed()).toBe(true);
  });

  test("with a lock file that is gone already says so and goes on", async ({ expect }) => {
    const { stop, health, said } = await start(GO);
    health.refuse();
    expect(await stop.signal("SIGTERM")).toBe(true);
    expect(await said()).toContain("Unable to mark server as unhealthy: ENOENT");
  });
});
