import { describe, test } from "vitest";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const TIMEOUTS = [
  { mode: "classic", status: 408, body: "Killed process.\n" },
  { mode: "serializing", status: 500, body: "signal: killed" },
  { mode: "streaming", status: 500, body: "signal: killed\n" },
];

describe("X-Timeout", () => {
  for (const { mode, status, body } of TIMEOUTS) {
    const variables = {
      ...(mode === "classic" ? {} : { mode }),
      fprocess: "sleep 60",
      exec_timeout: "50s",
    };

    test(`ends the program sooner than exec_timeout, in ${mode}`, async ({ expect }) => {
      const watchdog = await startTestWatchdog(variables);
      const answer = await watchdog.ask(toGet("/", "X-Timeout: 100ms\r\n"));
      expect([answer.status, answer.body]).toEqual([status, body]);
      expect(answer.header("x-breeze-outcome")).toBe("timeout");
      await until("the end", () => watchdog.telemetry.outcomes[0]?.kind === "timedOut");
    });

    test(`of zero, less, or more than exec_timeout is not heeded, in ${mode} (G14)`, async ({
      expect,
    }) => {
      const watchdog = await startTestWatchdog({ ...variables, exec_timeout: "300ms" });
      for (const value of ["0s", "-1s", "1h", "1"]) {
        const answer = await watchdog.ask(toGet("/", `X-Timeout: ${value}\r\n`));
        expect([value, answer.status]).toEqual([value, status]);
      }
    });
  }

  test("counts from the arrival: a body that takes longer starts nothing", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", exec_timeout: "50s" });
    const client = await watchdog.connect();
    client.send(toPost("hello", "X-Timeout: 100ms\r\n").slice(0, -1));
    const answer = await client.answer();
    expect([answer.status, answer.body]).toEqual([408, "Killed process.\n"]);
    expect(watchdog.telemetry.processes).toBe(0);
    expect(watchdog.telemetry.inFlight).toBe(0);
  });
});
