import { spawnSync } from "node:child_process";
import { test } from "vitest";
import { SpawnerDriver, spawnerPath } from "../support/spawner-driver.ts";
import { NOW, WARNING } from "../support/spawner-frames.ts";
import { isAlive, processState } from "../support/spawner-processes.ts";
import { describeSpawner, SHELL, script, startShell } from "../support/spawner-suite.ts";
import { until } from "../support/until.ts";

const withoutProc = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$0"'];
const [unshare = "", ...hidden] = withoutProc;
const canHideProc = spawnSync(unshare, [...hidden, "true"]).status === 0;

describeSpawner("What escapes from its session", () => {
  for (const [how, text] of [
    ["a session of its own", "setsid sleep 60 >/dev/null 2>&1 & sleep 0.1"],
    [
      "a double fork and a session of its own",
      "(setsid sh -c 'sleep 60 & sleep 60' >/dev/null 2>&1 &); sleep 0.1",
    ],
    ["a group of its own, as timeout makes one", "timeout 60 sleep 60 >/dev/null 2>&1 & sleep 0.1"],
    [
      "groups of its own, as a shell's job control makes them",
      "set -m; sleep 60 >/dev/null 2>&1 & sleep 60 >/dev/null 2>&1 & sleep 0.1",
    ],
    [
      "neither marker nor group, but the session",
      "set -m; env -i sleep 60 >/dev/null 2>&1 & sleep 0.1",
    ],
    [
      "sessions within sessions",
      "setsid sh -c 'setsid sh -c \"setsid sleep 60 & sleep 60\" & sleep 60' >/dev/null 2>&1 & sleep 0.1",
    ],
  ] as const) {
    test(`what escaped into ${how} is ended after the exit`, async ({ expect }) => {
      await using driver = startShell();
      const run = await driver.run(script(`${text}; echo done`));
      expect(run.output[1].toString()).toBe("done\n");
      expect(driver.processes()).toEqual([]);
    });

    test(`what escaped into ${how} is ended at the deadline`, async ({ expect }) => {
      await using driver = startShell();
      const run = await driver.run({ ...script(`${text}; sleep 60`), deadlineMs: 300 });
      expect(run.expired).toBe(true);
      expect(driver.processes()).toEqual([]);
    });

    test(`what escaped into ${how} is ended by KILL`, async ({ expect }) => {
      await using driver = startShell();
      const run = driver.start(script(`${text}; echo up >&2; sleep 60`));
      await driver.until(() => run.output[2].length > 0, "the process is up");
      driver.kill(run, NOW);
      await driver.gone(run);
      expect(driver.processes()).toEqual([]);
    });
  }

  test("what escaped gets its TERM and its grace while the leader ignores TERM", async ({
    expect,
  }) => {
    await using driver = startShell({ graceMs: 1_000 });
    const escapee = "trap 'echo bye >&2; exit' TERM; echo up >&2; while :; do sleep 0.01; done";
    const run = driver.start(
      script(
        `trap '' TERM; A='${escapee.replaceAll("'", `'"'"'`)}'; setsid env --default-signal=TERM sh -c "$A" & sleep 60; sleep 60`,
      ),
    );
    await driver.until(() => run.output[2].length > 0, "the escapee is up");
    driver.kill(run);
    await driver.until(() => run.output[2].includes("bye\n"), "its goodbye");
    expect(run.exited).toBeUndefined();
    await driver.gone(run);
    expect(driver.processes()).toEqual([]);
  });

  test("what escaped without a marker dies with the last of the runs that were in flight", async ({
    expect,
  }) => {
    await using driver = startShell();
    const longer = driver.start({ ...script("cat"), flags: 4 });
    await driver.until(() => longer.handles.has(0), "stdin's pipe");
    const run = await driver.run(
      script("env -i setsid sh -c 'echo $$; exec sleep 61 >/dev/null 2>&1' & sleep 0.1"),
    );
    const escapee = Number(run.output[1]);
    expect(isAlive(escapee)).toBe(true);
    await driver.run(script("true"));
    expect(isAlive(escapee)).toBe(true);
    longer.handles.get(0)?.destroy();
    await driver.gone(longer);
    await until("the escapee's end", () => processState(escapee) === undefined);
  });

  test("a run's end does not touch what another run, still in flight, has put into the background", async ({
    expect,
  }) => {
    await using driver = startShell();
    const longer = driver.start({
      ...script("(setsid sleep 62 >/dev/null 2>&1 &); (sleep 63 >/dev/null &); echo up >&2; cat"),
      flags: 4,
    });
    await driver.until(() => longer.output[2].length > 0 && longer.handles.has(0), "it is up");
    await until("shell, cat and two in the background", () => driver.processes().length === 4);
    const before = driver.processes();
    for (let round = 0; round < 30; round++)
      await driver.run(script("setsid sleep 64 >/dev/null 2>&1 & true"));
    expect(driver.processes()).toEqual(before);
    longer.handles.get(0)?.destroy();
    await driver.gone(longer);
    expect(driver.processes()).toEqual([]);
  });

  test.skipIf(!canHideProc && !process.env.CI)(
    "where /proc is missing a WARNING says so, and groups are ended all the same",
    async ({ expect }) => {
      await using driver = new SpawnerDriver({ command: [...withoutProc, spawnerPath()] });
      driver.configure(SHELL);
      await driver.until(() => driver.frames.some(({ type }) => type === WARNING), "the warning");
      const warning = driver.frames.find(({ type }) => type === WARNING);
      expect(warning?.payload.toString()).toMatch(/^.proc does not list children/);
      for (let round = 0; round < 5; round++) {
        await driver.run(script("sleep 60 >/dev/null 2>&1 & true"));
        await driver.run({ ...script("sleep 60 & sleep 60"), deadlineMs: 50 });
      }
      expect(driver.processes()).toEqual([]);
    },
  );
});
