import { existsSync, readFileSync } from "node:fs";
import { test } from "vitest";
import { CLOSED, EXITED, frame, GONE, KEEP_DAEMONS, NOW } from "../support/spawner-frames.ts";
import { processState } from "../support/spawner-processes.ts";
import { describeSpawner, script, startShell } from "../support/spawner-suite.ts";
import { until } from "../support/until.ts";

describeSpawner("What a run leaves behind", () => {
  test("the answer waits for a grandchild that holds stdout", async ({ expect }) => {
    await using driver = startShell();
    const run = await driver.run(script("(sleep 0.3; echo late) & echo early"));
    expect(run.output[1].toString()).toBe("early\nlate\n");
    expect(run.exited.status).toBe(0);
  });

  test("the answer never waits past the deadline for a grandchild that holds stdout", async ({
    expect,
  }) => {
    await using driver = startShell({ graceMs: 200 });
    const run = driver.start({
      ...script("(trap '' TERM; sleep 60; sleep 60) & exit 5"),
      deadlineMs: 150,
    });
    await driver.until(() => run.exited !== undefined, "EXITED");
    expect(run.expired).toBe(true);
    expect(run.exited?.status).toBe(5 << 8);
    expect(run.gone).toBe(false);
    await driver.gone(run);
    expect(driver.processes()).toEqual([]);
  });

  test("EXITED leaves first, then what is left of the group is ended, then the run is gone", async ({
    expect,
  }) => {
    await using driver = startShell();
    const run = await driver.run(
      script("sleep 60 >/dev/null 2>&1 & sleep 60 >/dev/null 2>&1 & echo $$"),
    );
    expect(run.frames.map(({ type }) => type)).toEqual([EXITED, GONE]);
    expect(run.output[1].toString()).toBe(`${run.exited.pid}\n`);
    expect(driver.processes()).toEqual([]);
  });

  test("what is left gets TERM and its grace, and stderr says goodbye before GONE", async ({
    expect,
  }) => {
    await using driver = startShell({ graceMs: 5_000 });
    const run = await driver.run(
      script(
        "(trap 'echo bye >&2; exit' TERM; echo up >&2; while :; do sleep 0.01; done) >/dev/null & sleep 0.1",
      ),
    );
    expect(run.output[2].toString()).toContain("bye\n");
    expect(driver.processes()).toEqual([]);
  });

  test("what ignores TERM is killed after the grace", async ({ expect }) => {
    await using driver = startShell({ graceMs: 200 });
    const run = driver.start(
      script("(trap '' TERM; echo up >&2; while :; do sleep 0.01; done) >/dev/null & sleep 0.1"),
    );
    await driver.until(() => run.exited !== undefined, "EXITED");
    const exited = performance.now();
    await driver.gone(run);
    expect(performance.now() - exited).toBeGreaterThan(150);
    expect(driver.processes()).toEqual([]);
  });

  test("the leader's number stays its own until nothing of its group is left", async ({
    expect,
  }) => {
    await using driver = startShell({ graceMs: 300 });
    const run = driver.start(
      script(
        "(trap '' TERM; echo up >&2; while :; do sleep 0.01; done) >/dev/null & sleep 0.1; echo $$",
      ),
    );
    await driver.until(() => run.exited !== undefined, "EXITED");
    expect(processState(Number(run.output[1]))).toBe("Z");
    await driver.gone(run);
    expect(processState(Number(run.output[1]))).toBeUndefined();
  });

  test("others end as ever while one run's zombie waits for its group", async ({ expect }) => {
    await using driver = startShell();
    const held = driver.start(script("sleep 60 &"));
    await until("the zombie", () => driver.processes().length === 1);
    for (let round = 0; round < 50; round++) {
      const run = await driver.run(
        script(`(sleep 60 >/dev/null 2>&1 &); echo ${round}; exit ${round}`),
      );
      expect([run.output[1].toString(), run.exited.status]).toEqual([`${round}\n`, round << 8]);
    }
    expect(held.exited).toBeUndefined();
    driver.kill(held);
    await driver.gone(held);
    expect(driver.processes()).toEqual([]);
  });

  test("what a passed stdout's run left running is ended after CLOSED, not before", async ({
    expect,
  }) => {
    await using driver = startShell();
    const run = driver.start(
      script("(sleep 0.2; head -c 200000 /dev/zero) & head -c 200000 /dev/zero"),
    );
    await driver.until(() => run.handles.has(1), "stdout's pipe");
    let size = 0;
    for await (const chunk of run.handles.get(1) as AsyncIterable<Buffer>) size += chunk.length;
    expect(size + run.output[1].length).toBe(400_000);
    await driver.until(() => run.exited !== undefined, "EXITED");
    expect(run.gone).toBe(false);
    driver.write(frame(CLOSED, { id: run.id, a: 1 }));
    await driver.gone(run);
  });

  test("KEEP_DAEMONS keeps what a normal exit left running, and waits for none of it", async ({
    expect,
  }) => {
    await using driver = startShell({ flags: KEEP_DAEMONS });
    const run = await driver.run(
      script("setsid sleep 65 >/dev/null 2>&1 & sleep 66 >/dev/null 2>&1 & sleep 0.1"),
    );
    expect(run.exited.flags).toBe(2);
    expect(driver.processes()).toHaveLength(2);
    await driver.run(script("true"));
    expect(driver.processes()).toHaveLength(2);
    for (const pid of driver.processes()) process.kill(pid, "SIGKILL");
    await until("they are reaped", () => driver.processes().length === 0);
  });

  test("a kept daemon that floods stderr does not keep its run from being gone", async ({
    expect,
  }) => {
    await using driver = startShell({ flags: KEEP_DAEMONS });
    const run = await driver.run(
      script("exec 3>&1 >/dev/null; cat /dev/zero >&2 3>&- & sleep 0.1; echo done >&3"),
    );
    expect(run.output[1].toString()).toBe("done\n");
    await until("it dies of SIGPIPE", () => driver.processes().length === 0);
  });

  test("KEEP_DAEMONS keeps nothing at the deadline", async ({ expect }) => {
    await using driver = startShell({ flags: KEEP_DAEMONS });
    const run = await driver.run({
      ...script("setsid sleep 67 >/dev/null 2>&1 & sleep 68 >/dev/null 2>&1 & sleep 60"),
      deadlineMs: 200,
    });
    expect(run.expired).toBe(true);
    expect(driver.processes()).toEqual([]);
  });

  test("orphans that end by themselves are reaped (G10)", async ({ expect }) => {
    await using driver = startShell();
    const run = driver.start({ ...script("(setsid sh -c 'echo $$ >&2' &); cat"), flags: 4 });
    await driver.until(
      () => run.output[2].length > 0 && run.handles.has(0),
      "the orphan was there",
    );
    const orphan = Number(run.output[2]);
    await until("it is reaped", () => !existsSync(`/proc/${orphan}`));
    expect(run.exited).toBeUndefined();
    run.handles.get(0)?.destroy();
    await driver.gone(run);
  });

  test("the spawner waits without turning while a zombie is parked", async ({ expect }) => {
    await using driver = startShell();
    const held = driver.start(script("sleep 60 &"));
    await until("the zombie", () => driver.processes().length === 1);
    const ticks = () =>
      Number(readFileSync(`/proc/${driver.pid}/stat`, "latin1").split(") ")[1]?.split(" ")[11]);
    const before = ticks();
    await driver.run(script("sleep 0.5"));
    expect(ticks() - before).toBeLessThan(5);
    driver.kill(held, NOW);
    await driver.gone(held);
  });
});
