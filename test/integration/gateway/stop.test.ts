import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";
import { createDataFolder, findProcessesIn, RunningGateway } from "../../support/run-gateway.ts";
import { RunningProgram } from "../../support/running-program.ts";
import { until } from "../../support/until.ts";

const STUBBORN = fileURLToPath(
  new URL("../../fixtures/gateway-with-a-stubborn-provider.ts", import.meta.url),
);
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A gateway whose functions would go on for ever. */
async function startStubborn(shutdownTimeout: string): Promise<RunningProgram> {
  const env = {
    port: "0",
    metrics_port: "0",
    data_dir: createDataFolder(),
    shutdown_timeout: shutdownTimeout,
  };
  const program = new RunningProgram([process.execPath, STUBBORN], { env, cwd: ROOT });
  await until("it listens", () => program.stderr.includes('"msg":"started"'), 30_000);
  return program;
}

describe("a stop", () => {
  test.for(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"] as const)(
    "by %s drains, and exits with 0 and nothing left running",
    async (signal, { expect }) => {
      const folder = createDataFolder();
      const gateway = await RunningGateway.start(folder);
      await gateway.deploy("cat", "cat");
      await (await gateway.ask("/function/cat")).text();
      gateway.process.kill(signal);
      expect(await gateway.ended()).toBe(0);
      expect(gateway.stderr).toContain('"step":"drained"');
      expect(findProcessesIn(folder)).toEqual([]);
    },
  );

  test("takes no longer than shutdown_timeout, whatever the functions do", async ({ expect }) => {
    const gateway = await startStubborn("1s");
    gateway.process.kill("SIGTERM");
    expect(await gateway.ended()).toBe(0);
    expect(gateway.stderr).toContain("the provider waits");
  });

  test("waits for nothing any more when a second signal comes", async ({ expect }) => {
    const gateway = await startStubborn("0");
    gateway.process.kill("SIGTERM");
    await until("it waits", () => gateway.stderr.includes("the provider waits"));
    gateway.process.kill("SIGTERM");
    expect(await gateway.ended()).toBe(0);
  });

  test("ends functions that are deaf to SIGTERM, and what they run", async ({ expect }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder, { shutdown_timeout: "1s" });
    await gateway.deploy("cat", "cat");
    await (await gateway.ask("/function/cat")).text();
    for (const pid of findProcessesIn(folder)) {
      if (pid !== gateway.process.pid) process.kill(pid, "SIGSTOP");
    }
    gateway.process.kill("SIGTERM");
    expect(await gateway.ended()).toBe(0);
    await until("nobody is left", () => findProcessesIn(folder).length === 0);
  });

  test("cuts off at shutdown_timeout what is in flight, and exits with 1", async ({ expect }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder, { shutdown_timeout: "1s" });
    await gateway.deploy("sleeps", "sleep 1000");
    const asked = gateway.ask("/function/sleeps").catch(() => undefined);
    await until("it is in flight", async () => {
      const text = await (await gateway.ask("/metrics")).text();
      return text.includes('gateway_functions_in_flight{function_name="sleeps"} 1');
    });
    gateway.process.kill("SIGTERM");
    expect(await gateway.ended()).toBe(1);
    await asked;
    expect(gateway.stderr).toContain('"step":"terminating"');
    await until("nobody is left", () => findProcessesIn(folder).length === 0);
  });
});
