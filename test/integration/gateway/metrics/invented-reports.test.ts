import { test } from "vitest";
import { createDataFolder, RunningGateway } from "../../../support/run-gateway.ts";

test("T48: reports of functions that are not there share one series", async ({ expect }) => {
  const gateway = await RunningGateway.start(createDataFolder());
  for (const name of ["invented1", "invented2"]) {
    const report = { name, statusCode: 200, timeTaken: 0.25 };
    expect((await gateway.tell("POST", "/system/async-report", report)).status).toBe(200);
  }
  const metrics = await (await gateway.ask("/metrics")).text();
  expect(metrics).not.toContain("invented");
  expect(metrics).toContain(
    'gateway_function_invocation_total{function_name="(unknown)",code="200"} 2\n',
  );
});
