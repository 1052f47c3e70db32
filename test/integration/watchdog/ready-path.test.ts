import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";
import { until } from "../../support/until.ts";

/** Ready once `file` is there. */
const asks = (file: string) => ({
  fprocess: `sh -c 'test -e ${file} && echo $Http_Method $Http_Path $Http_Query $Http_X_A'`,
  fprocess_shell_words: "true",
  ready_path: "/ready?now",
});

describe("/_/ready with ready_path", () => {
  for (const mode of ["classic", "serializing", "streaming"]) {
    test(`is what the function answers, in ${mode} (G23)`, async ({ expect }) => {
      using folder = createTemporaryFolder();
      const file = join(folder.path, "ready");
      const watchdog = await startTestWatchdog({
        ...asks(file),
        ...(mode === "classic" ? {} : { mode }),
      });
      expect((await watchdog.ask(toGet("/_/ready?caller"))).status).toBe(500);
      writeFileSync(file, "");
      const answer = await watchdog.ask(toGet("/_/ready?caller", "X-A: own\r\n"));
      expect([answer.status, answer.body]).toEqual([200, "GET /ready now own\n"]);
    });
  }

  test("is counted and logged as no request, and holds no place", async ({ expect }) => {
    const watchdog = await startTestWatchdog({
      fprocess: "cat",
      ready_path: "/ready",
      max_inflight: "1",
    });
    for (let count = 0; count < 3; count++) {
      const answer = await watchdog.ask(toPost("body").replace("POST /", "GET /_/ready"));
      expect([answer.status, answer.body]).toEqual([200, ""]);
    }
    await until("all are gone", () => watchdog.telemetry.outcomes.length === 3);
    expect(watchdog.telemetry.ended).toEqual([]);
    expect(watchdog.telemetry.invocations).toEqual([]);
    expect(watchdog.telemetry.inFlight).toBe(0);
  });

  test("asks nobody where the lock file is missing", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", ready_path: "/ready" });
    rmSync(join(watchdog.folder, ".lock"));
    expect((await watchdog.ask(toGet("/_/ready"))).status).toBe(503);
    expect((await watchdog.ask(toGet("/_/health"))).status).toBe(503);
    expect(watchdog.telemetry.processes).toBe(0);
  });
});

test("/_/health/ is a request to the function", async ({ expect }) => {
  const watchdog = await startTestWatchdog({ fprocess: "printenv Http_Path" });
  expect((await watchdog.ask(toGet("/_/health/"))).body).toBe("/_/health/\n");
});
