import { spawnSync } from "node:child_process";
import { test } from "vitest";
import { createWatchdogMetrics } from "../../../src/watchdog/metrics.ts";
import { invocation } from "../../support/invocation.ts";

const version = spawnSync("promtool", ["--version"]);
const isMissing = version.error !== undefined;

test.skipIf(isMissing && process.env.CI !== "true")(
  "Prometheus's own tool has nothing to complain about our metrics (needs promtool: the package prometheus)",
  ({ expect }) => {
    expect(isMissing, "promtool is not installed").toBe(false);
    const metrics = createWatchdogMetrics(() => 0);
    for (const status of [200, 429, 500]) metrics.requestEnded("POST", status, status / 1000);
    for (const outcome of ["ok", "exit", "spawn-failed"] as const) {
      metrics.invocationEnded(invocation({ outcome }));
    }
    const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
      input: metrics.registry.render(),
      encoding: "utf8",
    });
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: "" });
  },
);
