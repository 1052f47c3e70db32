import { spawnSync } from "node:child_process";
import { test } from "vitest";
import { noProgramReason } from "../../../support/has-program.ts";
import { createMetrics, FUNCTION, QUEUE } from "../../../unit/gateway/metrics/metrics.ts";

/** Names that are wrong by today's rules and, since dashboards have them, stay. */
const KNOWN = [
  'gateway_function_invocation_started counter metrics should have "_total" suffix',
  'gateway_service_count non-histogram and non-summary metrics should not have "_count" suffix',
];

test.skipIf(noProgramReason("promtool") !== undefined)(
  "Prometheus's own tool complains about nothing but two names of the Go gateways (needs promtool: the package prometheus)",
  ({ expect }) => {
    const metrics = createMetrics({ functions: () => [FUNCTION], queue: () => QUEUE });
    const counters = metrics.of(FUNCTION);
    for (const status of [200, 429, 500]) {
      counters.started();
      counters.ended(status, status / 1000);
    }
    counters.coldStarted();
    metrics.coldStart.observe(0.2);
    metrics.loopDelay.observe(0.001);
    metrics.countSystemRequest("GET", "/system/function/{name}", 200, 0.01);
    const { stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
      input: metrics.registry.render(),
      encoding: "utf8",
    });
    expect((stdout + stderr).split("\n").filter((line) => line !== "")).toEqual(KNOWN);
  },
);
