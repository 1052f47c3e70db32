import { describe, test } from "vitest";
import { CHAOS_MODES, chaosIn } from "../chaos/functions.ts";
import { runChaos } from "../chaos/run-chaos.ts";
import { compileFixture } from "../support/compile-fixture.ts";
import { ourCommand } from "../support/our-command.ts";

describe.for(CHAOS_MODES)("%s", (mode) => {
  test("functions and watchdogs are killed: no answer is wrong or short, and nothing is left", {
    timeout: 120_000,
  }, async ({ expect }) => {
    using program = compileFixture("echoes-in-pieces");
    const command = ourCommand();
    const options = { ...(await chaosIn(mode, program.path)), seed: 1, milliseconds: 10_000 };
    const report = await runChaos({ command, ...options });
    expect(report.faults).toEqual([]);
    expect(report.fates.right).toBeGreaterThan(0);
    expect(report.killed.functions).toBeGreaterThan(0);
  });
});
