import { test } from "vitest";
import { fuzzFront } from "../fuzz/fuzz-front.ts";
import { ourCommand } from "../support/our-command.ts";

test("whatever bytes come, what goes back is answers and nothing else, and nothing stays", {
  timeout: 120_000,
}, async ({ expect }) => {
  const command = ourCommand();
  const report = await fuzzFront({ command, seed: 1, milliseconds: 12_000 });
  expect(report.faults).toEqual([]);
  expect(report.answers).toBeGreaterThan(50);
});
