import { type ExpectStatic, test } from "vitest";
import { compileFixture } from "../support/compile-fixture.ts";
import { type Container, startWatchdog } from "../support/docker/container.ts";
import { describeInEngine } from "../support/docker/describe-in-engine.ts";
import { imageOn } from "../support/docker/images.ts";
import { until } from "../support/until.ts";

/** All processes of a bomb want the processor, too. */
const PATIENCE_MS = 60_000;

/** A request's body is what the shell does. */
const SHELL = { fprocess: "sh", exec_timeout: "2s", term_grace: "200ms" };

const post = (watchdog: Container, script: string) =>
  fetch(watchdog.url, { method: "POST", body: script });

/** While there is no answer yet health is asked for, and always there. */
async function answersInHealth(
  expect: ExpectStatic,
  watchdog: Container,
  requests: readonly Promise<Response>[],
): Promise<Response[]> {
  let areAnswered = false;
  const answers = Promise.all(requests).finally(() => {
    areAnswered = true;
  });
  do {
    const health = await fetch(`${watchdog.url}/_/health`);
    expect([health.status, await health.text()]).toEqual([200, "OK"]);
  } while (!areAnswered);
  return await answers;
}

/** Until nothing is left of the bomb there may be no process to be had, which is said. */
async function servesAgain(expect: ExpectStatic, watchdog: Container): Promise<void> {
  const next = async () => {
    const answer = await post(watchdog, "echo well");
    const body = await answer.text();
    if (answer.status !== 503) expect([answer.status, body]).toEqual([200, "well\n"]);
    else expect(body).toContain("resource temporarily unavailable");
    return answer.ok;
  };
  await until("the next request is served", next, PATIENCE_MS);
}

/** A line is written when nothing is left of its run: behind a bomb's answer, where the machine is busy. */
async function logs(watchdog: Container, line: RegExp, count = 1): Promise<void> {
  const found = async () => (await watchdog.logs()).split("\n").filter((one) => line.test(one));
  await until(`${line} in the log`, async () => (await found()).length === count, PATIENCE_MS);
}

describeInEngine("in a container with few processes", (docker) => {
  const start = (bomb: string) =>
    startWatchdog(docker, {
      image: imageOn("busybox"),
      environment: SHELL,
      options: ["--pids-limit", "40", "--volume", `${bomb}:/bomb:ro`],
    });

  for (const [kind, script] of [
    ["in its group", "exec /bomb"],
    ["with a session for each process", "exec /bomb apart"],
  ] as const) {
    test(`a fork bomb ${kind} ends at its deadline, leaves health alone, and the next request is served (T21)`, async ({
      expect,
    }) => {
      using bomb = compileFixture("forks-forever", ["-static"]);
      await using watchdog = await start(bomb.path);
      const [answer] = await answersInHealth(expect, watchdog, [post(watchdog, script)]);
      expect([answer?.status, await answer?.text()]).toEqual([408, "Killed process.\n"]);
      await servesAgain(expect, watchdog);
      await logs(watchdog, /"status":408.*"outcome":"timeout"/);
    });
  }

  test("a fork bomb of shells says what it lacks, and the next request is served (T21)", async ({
    expect,
  }) => {
    using bomb = compileFixture("forks-forever", ["-static"]);
    await using watchdog = await start(bomb.path);
    const script = "b() { b | b & }; b; sleep 1; exit 3";
    const [answer] = await answersInHealth(expect, watchdog, [post(watchdog, script)]);
    expect(answer?.ok).toBe(false);
    await answer?.text();
    await servesAgain(expect, watchdog);
    await logs(watchdog, /"status":(500|408).*"outcome":"(exit|timeout)"/);
  });
});

describeInEngine("in a container with little memory", (docker) => {
  // Eight together are each smaller than the watchdog when it is all used up.
  for (const count of [1, 8]) {
    test(`functions that want more are killed and said to be, ${count} at a time, and the next request is served (T22)`, async ({
      expect,
    }) => {
      await using watchdog = await startWatchdog(docker, {
        image: imageOn("busybox"),
        environment: { ...SHELL, exec_timeout: "60s" },
        options: ["--memory", "96m", "--memory-swap", "96m"],
      });
      const hogs = Array.from({ length: count }, () => post(watchdog, "exec tail /dev/zero"));
      for (const answer of await answersInHealth(expect, watchdog, hogs)) {
        expect(answer.headers.get("x-breeze-outcome")).toBe("signal");
        expect([answer.status, await answer.text()]).toEqual([500, "signal: killed\n"]);
      }
      await servesAgain(expect, watchdog);
      await logs(watchdog, /"status":500.*"outcome":"signal","detail":"killed"/, count);
    });
  }
});
