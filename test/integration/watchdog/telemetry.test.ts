import { describe, onTestFinished, test } from "vitest";
import { readWatchdogConfig } from "../../../src/config/read.ts";
import { NO_BILL } from "../../../src/process/outcome.ts";
import { createTelemetry } from "../../../src/watchdog/create-telemetry.ts";
import { invocation } from "../../support/invocation.ts";
import { createPipe } from "../../support/pipe.ts";
import { until } from "../../support/until.ts";

function start(variables: Readonly<Record<string, string>> = {}) {
  const pipe = createPipe();
  const { config } = readWatchdogConfig({ fprocess: "cat", ...variables });
  const telemetry = createTelemetry(config, pipe.descriptor);
  onTestFinished(async () => {
    await telemetry.close();
    pipe[Symbol.dispose]();
  });
  return { pipe, telemetry };
}

describe("one invocation", () => {
  test("is in flight until it is answered, and then one line and one count", async ({ expect }) => {
    const { pipe, telemetry } = start();
    const { bill } = invocation();
    if (bill === undefined) throw new Error("an invocation that went well has a bill");
    telemetry.requestStarted();
    telemetry.processStarting();
    expect(telemetry.inFlight).toBe(1);
    expect(telemetry.metrics()).toContain("\nhttp_requests_in_flight 1\n");
    telemetry.requestEnded("POST", 200, 0.002);
    expect(telemetry.inFlight).toBe(0);
    telemetry.processEnded("exited", bill);
    telemetry.invocationEnded(invocation());
    await telemetry.close();
    expect(JSON.parse(pipe.read().toString())).toMatchObject({ path: "/a/b", outcome: "ok" });
    const metrics = telemetry.metrics();
    expect(metrics).toContain('\nhttp_requests_total{code="200",method="post"} 1\n');
    expect(metrics).toContain('\nwatchdog_process_outcomes_total{outcome="ok"} 1\n');
    expect(metrics).toContain("\nwatchdog_process_start_seconds_count 1\n");
  });

  test("whose process could not be started has an outcome, but no cost", ({ expect }) => {
    const { telemetry } = start();
    telemetry.processEnded("spawnFailed", NO_BILL);
    telemetry.invocationEnded(invocation({ outcome: "spawn-failed", bill: undefined }));
    const metrics = telemetry.metrics();
    expect(metrics).toContain('\nwatchdog_process_outcomes_total{outcome="spawn-failed"} 1\n');
    expect(metrics).toContain("\nwatchdog_process_start_seconds_count 0\n");
    expect(metrics).toContain("\nwatchdog_process_max_rss_bytes_count 0\n");
  });
});

test("a log that nobody reads holds no invocation: its lines are dropped, counted and told of (T14)", async ({
  expect,
}) => {
  const { pipe, telemetry } = start();
  telemetry.info("first");
  await until("the logger is loaded", () => pipe.read().length > 0);
  const begin = performance.now();
  const functionLog = telemetry.functionLog("stderr");
  const chunk = Buffer.from(`${"a line of the function's\n".repeat(1000)}`);
  for (let count = 0; count < 1_000; count += 1) {
    telemetry.invocationEnded(invocation());
    functionLog.write(chunk);
  }
  expect(performance.now() - begin).toBeLessThan(10_000);
  const dropped = Number(
    /^watchdog_log_lines_dropped_total (\d+)$/m.exec(telemetry.metrics())?.[1],
  );
  expect(dropped).toBeGreaterThan(900_000);
  let said = "";
  await until("it is told of", () => {
    said += pipe.read().toString();
    return said.includes("log lines were dropped");
  });
  const told = said.split("\n").find((line) => line.includes("dropped")) ?? "";
  expect(JSON.parse(told)).toMatchObject({ level: "warn", lines: dropped });
  for (const line of said.trimEnd().split("\n")) JSON.parse(line);
});

test("the event loop's delay is sampled while requests come, and only then", async ({ expect }) => {
  const { telemetry } = start();
  const samples = () =>
    Number(/^watchdog_event_loop_delay_seconds_count (\d+)$/m.exec(telemetry.metrics())?.[1]);
  expect(samples()).toBe(0);
  telemetry.requestStarted();
  const end = performance.now() + 200;
  while (performance.now() < end) {
    // The loop is held: what this very sample has to find.
  }
  await until("it has been noticed", () => samples() > 0);
  expect(telemetry.metrics()).toContain('\nwatchdog_event_loop_delay_seconds_bucket{le="0.1"} 0\n');
  telemetry.requestEnded("GET", 200, 0.2);
  let [before, after] = [-1, samples()];
  await until("it rests", async () => {
    before = after;
    await new Promise((resolve) => setTimeout(resolve, 150));
    after = samples();
    return after === before;
  });
});
