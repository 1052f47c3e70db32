import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { startTestWatchdog, toGet } from "../../support/start-watchdog.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";

const shell = (script: string) => ({
  fprocess: `sh -c '${script}'`,
  fprocess_shell_words: "true",
});

describe("a function that fails", () => {
  test("answers 500 with its exit status and what it had written", async ({ expect }) => {
    const watchdog = await startTestWatchdog(shell("echo out; exit 3"));
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.body]).toEqual([500, "exit status 3\nout\n"]);
    expect(answer.header("x-duration-seconds")).toBeUndefined();
    expect(answer.header("x-breeze-outcome")).toBeUndefined();
  });

  test("answers 500 with the signal it died of", async ({ expect }) => {
    const watchdog = await startTestWatchdog(shell("kill -TERM $$"));
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.body]).toEqual([500, "signal: terminated\n"]);
    expect(answer.header("x-breeze-outcome")).toBe("signal");
  });

  test("writes its error output into the answer, in order, where output is combined", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog(shell("echo 1; echo 2 >&2; echo 3; exit 1"));
    const answer = await watchdog.ask(toGet());
    expect(answer.body).toBe("exit status 1\n1\n2\n3\n");
    expect(watchdog.telemetry.errorOutput).toBe("");
  });

  test("writes its error output to the log where output is not combined", async ({ expect }) => {
    const watchdog = await startTestWatchdog({
      fprocess: "stat x",
      combine_output: "false",
    });
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.body]).toEqual([500, "exit status 1\n"]);
    expect(watchdog.telemetry.errorOutput).toContain("No such file or directory");
  });
});

describe("a program that cannot be started (T23)", () => {
  test("answers 500 with Go's words for what is not in PATH", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "no-such-program" });
    const answer = await watchdog.ask(toGet());
    const text = 'exec: "no-such-program": executable file not found in $PATH\n';
    expect([answer.status, answer.body]).toEqual([500, text]);
    expect(answer.header("x-breeze-outcome")).toBe("spawn-failed");
  });

  test("answers 500 with Go's words for a path", async ({ expect }) => {
    const missing = await startTestWatchdog({ fprocess: "/no/such/file" });
    expect((await missing.ask(toGet())).body).toBe(
      "fork/exec /no/such/file: no such file or directory\n",
    );
    const forbidden = await startTestWatchdog({ fprocess: "/etc/passwd" });
    expect((await forbidden.ask(toGet())).body).toBe("fork/exec /etc/passwd: permission denied\n");
  });

  test("holds no place, and serves again once the program is there", async ({ expect }) => {
    using folder = createTemporaryFolder();
    const program = join(folder.path, "program");
    const watchdog = await startTestWatchdog({ fprocess: program, max_inflight: "1" });
    for (let count = 0; count < 3; count++) {
      expect((await watchdog.ask(toGet())).status).toBe(500);
    }
    copyFileSync("/bin/true", program);
    expect((await watchdog.ask(toGet())).status).toBe(200);
  });
});

describe("exec_timeout", () => {
  test("answers 408 at the deadline (upstream's sleep test)", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "sleep 20", exec_timeout: "100ms" });
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.body]).toEqual([408, "Killed process.\n"]);
    expect(answer.header("x-breeze-outcome")).toBe("timeout");
    expect(answer.header("x-duration-seconds")).toBeUndefined();
  });

  test("answers at the deadline although a grandchild holds stdout (G9, P4, T17)", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({
      ...shell("sleep 30 & wait"),
      exec_timeout: "300ms",
    });
    const started = performance.now();
    expect((await watchdog.ask(toGet())).status).toBe(408);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("bounds a function that closes stdout and stays (T16)", async ({ expect }) => {
    const watchdog = await startTestWatchdog({
      ...shell("exec >&- 2>&-; exec sleep 30"),
      exec_timeout: "300ms",
    });
    expect((await watchdog.ask(toGet())).status).toBe(408);
  });
});

test("write_debug shows the answer and says more of the request, and survives a failed start (G1)", async ({
  expect,
}) => {
  const watchdog = await startTestWatchdog({
    fprocess: "no-such-program",
    write_debug: "true",
    max_inflight: "1",
  });
  expect((await watchdog.ask(toGet("/a%20b?b=c"))).status).toBe(500);
  expect((await watchdog.ask(toGet("/a?b=c"))).status).toBe(500);
  expect(watchdog.telemetry.messages).toContain("Query  b=c");
  expect(watchdog.telemetry.messages).toContain("Path  /a b");
  expect(watchdog.telemetry.messages).toContain(
    'Success=false, Error=exec: "no-such-program": executable file not found in $PATH',
  );
});
