import { describe, test } from "vitest";
import { createChildProcesses } from "../../../src/process/fallback/processes.ts";
import { startTestWatchdog, toGet } from "../../support/start-watchdog.ts";

/** A watchdog on a machine where there is no spawner. */
const start = (mode: string, script: string, variables: Readonly<Record<string, string>> = {}) =>
  startTestWatchdog(
    { ...(mode === "classic" ? {} : { mode }), ...variables },
    {
      processes: createChildProcesses({
        command: ["sh", "-c", script],
        baseEnvironment: [`PATH=${process.env.PATH}`],
        termGraceMs: 1_000,
        daemons: "kill",
      }),
    },
  );

for (const mode of ["classic", "serializing", "streaming"]) {
  describe(`without a spawner, in ${mode}`, () => {
    test("bodies of any size come back", async ({ expect }) => {
      const watchdog = await start(mode, "cat");
      for (const size of [0, 11, 65_537, 3_000_000]) {
        const body = "x".repeat(size);
        expect((await watchdog.post(body)).body === body).toBe(true);
      }
    });

    test("a failure and a deadline are what they are with one", async ({ expect }) => {
      const failing = await start(mode, "exit 3");
      expect((await failing.ask(toGet())).body.trimEnd()).toBe("exit status 3");
      const late = await start(mode, "sleep 20", { exec_timeout: "200ms" });
      const { status, header } = await late.ask(toGet());
      expect([status, header("x-breeze-outcome")]).toEqual([
        mode === "classic" ? 408 : 500,
        "timeout",
      ]);
    });
  });
}
