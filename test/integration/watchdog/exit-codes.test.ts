import { describe, test } from "vitest";
import { startTestWatchdog, toGet } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const variables = (mode: string, script: string) => ({
  mode,
  fprocess: `sh -c '${script}'`,
  fprocess_shell_words: "true",
  exit_codes: '{"3":404,"4":204,"5":200}',
});

for (const mode of ["", "serializing"]) {
  describe(`in ${mode || "classic"}, an exit code of exit_codes`, () => {
    test("gives the output its status, with the mode's own headers", async ({ expect }) => {
      const watchdog = await startTestWatchdog(variables(mode, "echo none; exit 3"));
      const answer = await watchdog.ask(toGet());
      expect([answer.status, answer.body]).toEqual([404, "none\n"]);
      expect(answer.header("x-duration-seconds")).toBeDefined();
      expect(answer.header("content-type")).toBe(
        mode === "" ? "text/plain; charset=utf-8" : "application/octet-stream",
      );
      expect(answer.header("x-breeze-outcome")).toBeUndefined();
      await until("the record", () => watchdog.telemetry.invocations.length === 1);
      expect(watchdog.telemetry.invocations[0]).toMatchObject({ outcome: "exit", detail: "3" });
    });

    test("that is not among them is a failure, as ever", async ({ expect }) => {
      const watchdog = await startTestWatchdog(variables(mode, "echo none; exit 6"));
      const answer = await watchdog.ask(toGet());
      expect([answer.status, answer.body.startsWith("exit status 6")]).toEqual([500, true]);
      const killed = await startTestWatchdog(variables(mode, "kill -KILL $$"));
      expect((await killed.ask(toGet())).status).toBe(500);
    });

    test("gives way to a status on descriptor 3", async ({ expect }) => {
      const script = 'echo "{\\"status\\":410}" >&3; echo gone; exit 3';
      const watchdog = await startTestWatchdog({ ...variables(mode, script), control_fd: "3" });
      const answer = await watchdog.ask(toGet());
      expect([answer.status, answer.body]).toEqual([410, "gone\n"]);
    });
  });
}

test("in classic, what combine_output takes from stderr is in the output", async ({ expect }) => {
  const watchdog = await startTestWatchdog(variables("", "echo none >&2; exit 3"));
  const answer = await watchdog.ask(toGet());
  expect([answer.status, answer.body]).toEqual([404, "none\n"]);
});

test("in streaming, an exit code counts where nothing was sent yet", async ({ expect }) => {
  const silent = await startTestWatchdog(variables("streaming", "exit 3"));
  const answer = await silent.ask(toGet());
  expect([answer.status, answer.body]).toEqual([404, ""]);
  const other = await startTestWatchdog(variables("streaming", "exit 6"));
  expect((await other.ask(toGet())).status).toBe(500);
});

test("in streaming, what was sent with another status is cut off, and with the same it is whole", async ({
  expect,
}) => {
  const wrong = await startTestWatchdog(variables("streaming", "echo none; exit 3"));
  const client = await wrong.connect();
  client.send(toGet());
  expect(await client.closed()).toBe("reset");
  const right = await startTestWatchdog(variables("streaming", "echo fine; exit 5"));
  const answer = await right.ask(toGet());
  expect([answer.status, answer.body]).toEqual([200, "fine\n"]);
});

test("in cgi, an exit code is no failure, and the status is that of the head where it has one", async ({
  expect,
}) => {
  const head = 'printf "Status: 410\\nContent-Type: a/b\\n\\ngone"';
  const watchdog = await startTestWatchdog(variables("cgi", `${head}; exit 3`));
  const answer = await watchdog.ask(toGet());
  expect([answer.status, answer.body]).toEqual([410, "gone"]);
  const failing = await startTestWatchdog(variables("cgi", "exit 6"));
  expect((await failing.ask(toGet())).status).toBe(500);
});
