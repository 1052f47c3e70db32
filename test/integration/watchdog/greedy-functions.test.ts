import { describe, test } from "vitest";
import { compileFixture } from "../../support/compile-fixture.ts";
import { askRaw } from "../../support/raw-http.ts";
import { Fwatchdog } from "../../support/run-fwatchdog.ts";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

/** A user of its own, so that the limit counts the processes of this test alone. */
const someUid = () => 100_000 + Math.floor(Math.random() * 800_000);
const isRoot = process.getuid?.() === 0;
const reason = isRoot ? "" : " (only root may be another user)";

/** All processes of a bomb want the processor, too. */
const PATIENCE_MS = 60_000;

describe.skipIf(!isRoot && !process.env.CI)(`where processes are few${reason}`, () => {
  for (const [kind, argument] of [
    ["in its group", ""],
    ["with a session for each process", " apart"],
  ]) {
    test(`a fork bomb ${kind} leaves health and the next request alone, and its end is answered and logged (T21)`, {
      timeout: 2 * PATIENCE_MS,
    }, async ({ expect }) => {
      using bomb = compileFixture("forks-forever");
      const variables = { fprocess: "sh", exec_timeout: "1s", term_grace: "200ms" };
      const fwatchdog = new Fwatchdog(variables, [], {
        under: ["prlimit", "--nproc=80"],
        uid: someUid(),
      });
      const port = await fwatchdog.port();
      const run = (script: string) => askRaw(port, toPost(script));
      let isOver = false;
      const bombed = run(`exec ${bomb.path}${argument}`).finally(() => {
        isOver = true;
      });
      do expect((await askRaw(port, toGet("/_/health"))).body).toBe("OK");
      while (!isOver);
      const answer = await bombed;
      expect([answer.status, answer.header("x-breeze-outcome")]).toEqual([408, "timeout"]);
      const isServed = async () => {
        const next = await run("echo well");
        if (next.status !== 503) expect([next.status, next.body]).toEqual([200, "well\n"]);
        else expect(next.body).toContain("resource temporarily unavailable");
        return next.status === 200;
      };
      await until("the next request is served", isServed, PATIENCE_MS);
      const line = /"status":408.*"outcome":"timeout"/;
      await until("its end is logged", () => line.test(fwatchdog.stderr), PATIENCE_MS);
    });
  }
});

test("a function that gets no more memory says so, and the next request is served (T22)", async ({
  expect,
}) => {
  const watchdog = await startTestWatchdog({ fprocess: "prlimit --as=200000000 sh" });
  const greedy = await watchdog.post("exec tail /dev/zero");
  expect(greedy.status).toBe(500);
  expect(greedy.body).toMatch(/^exit status 1\n.*memory exhausted\n$/);
  expect((await watchdog.ask(toGet("/_/health"))).body).toBe("OK");
  expect((await watchdog.post("echo well")).body).toBe("well\n");
});
