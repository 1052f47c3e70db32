import { test } from "vitest";
import { runGatewayChaos } from "../../chaos/gateway/run-gateway-chaos.ts";

test("T43: what was promised is kept by a gateway that is killed again and again, and nothing is left of it", {
  timeout: 400_000,
}, async ({ expect }) => {
  const report = await runGatewayChaos({ seed: 1, milliseconds: 20_000 });
  expect(report.faults).toEqual([]);
  expect(report.kills).toBeGreaterThan(2);
  expect(report.counts.answered).toBeGreaterThan(0);
  expect(report.counts.completed).toBeGreaterThan(0);
  expect(report.changes).toBeGreaterThan(0);
});
