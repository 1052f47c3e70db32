import { describe, test } from "vitest";
import type { Mode } from "../../bench/soak/kind.ts";
import { findSoakFaults } from "../../bench/soak/report.ts";
import { runSoak } from "../../bench/soak/run-soak.ts";
import { ourCommand } from "../support/our-command.ts";

const requests = 1_500;
// So few requests do not fill a young heap: growth without end shows in `npm run soak`.
const memoryGrowth = 2;

describe.for<Mode>(["classic", "serializing", "streaming"])("%s", (mode) => {
  test("mixed requests are answered rightly and leave no descriptor, zombie or process behind", {
    timeout: 120_000,
  }, async ({ expect }) => {
    const report = await runSoak({
      command: ourCommand(),
      mode,
      length: { requests },
      clients: 16,
      seed: 1,
      // On a machine that does much else, what is not meant to be late must not be.
      deadlineMs: 3_000,
      report: () => {},
    });
    expect(findSoakFaults(report, { memoryGrowth })).toEqual([]);
  });
});
