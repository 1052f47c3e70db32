import { test } from "vitest";
import { fuzzFront } from "../fuzz/fuzz-front.ts";
import { GatewayTarget } from "../fuzz/gateway/gateway-target.ts";
import { WatchdogTarget } from "../fuzz/watchdog/watchdog-target.ts";
import { ourCommand } from "../support/our-command.ts";

test("whatever bytes come, what goes back is answers and nothing else, and nothing stays", {
  timeout: 120_000,
}, async ({ expect }) => {
  const start = () => WatchdogTarget.start(ourCommand(), 1);
  const report = await fuzzFront({ start, seed: 1, milliseconds: 12_000 });
  expect(report.faults).toEqual([]);
  expect(report.answers).toBeGreaterThan(50);
});

test("whatever bytes come to a gateway, nothing but answers comes back, nobody gets more than is his, and nothing stays", {
  timeout: 180_000,
}, async ({ expect }) => {
  const start = () => GatewayTarget.start();
  const report = await fuzzFront({ start, seed: 1, milliseconds: 12_000 });
  expect(report.faults).toEqual([]);
  expect(report.answers).toBeGreaterThan(50);
});
