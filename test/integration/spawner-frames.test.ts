import { test } from "vitest";
import { SpawnerDriver } from "../support/spawner-driver.ts";
import {
  CLOSED,
  DEADLINE,
  EXEC_FAILED,
  EXITED,
  EXPIRED,
  FLAG_GONE,
  frame,
  KILL,
  NOW,
  READY,
} from "../support/spawner-frames.ts";
import { describeSpawner, script, startShell } from "../support/spawner-suite.ts";

const types = (run: { frames: readonly { type: number }[] }) => run.frames.map(({ type }) => type);

describeSpawner("The spawner's frames", () => {
  test("READY comes first, with the protocol's version and the spawner's pid", async ({
    expect,
  }) => {
    await using driver = new SpawnerDriver();
    const ready = await driver.ready();
    expect(driver.frames[0]).toBe(ready);
    expect(ready).toMatchObject({ type: READY, id: 0, a: 3, b: driver.pid });
    expect(ready.payload).toHaveLength(0);
  });

  test("a small request is one START and one EXITED with its output, and gone with it", async ({
    expect,
  }) => {
    await using driver = new SpawnerDriver();
    driver.configure({ command: ["cat"] });
    const run = await driver.run({ body: "one\0two\xff" });
    expect(types(run)).toEqual([EXITED]);
    expect(run.exited.flags).toBe(FLAG_GONE);
    expect(run.exited.status).toBe(0);
    expect(run.exited.held.toString()).toBe("one\0two\xff");
  });

  test("EXITED carries the status of wait(2): exit codes and signals", async ({ expect }) => {
    await using driver = startShell();
    expect((await driver.run(script("exit 3"))).exited.status).toBe(3 << 8);
    expect((await driver.run(script("kill -USR1 $$"))).exited.status).toBe(10);
  });

  test("the bill tells pid, CPU time, wall clock and the true peak of memory", async ({
    expect,
  }) => {
    await using driver = startShell();
    const small = await driver.run(script("echo $$; exec true"));
    expect(small.exited.pid).toBe(Number(small.output[1]));
    expect(small.exited.maxRssKiB).toBeLessThan(2048);
    const busy = await driver.run(
      script("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; sleep 0.05"),
    );
    expect(busy.exited.userMicros + busy.exited.systemMicros).toBeGreaterThan(10_000);
    expect(busy.exited.wallMicros).toBeGreaterThan(50_000);
    const big = await driver.run(script("exec dd if=/dev/zero of=/dev/null bs=50M count=1 2>&-"));
    expect(big.exited.maxRssKiB).toBeGreaterThan(50 * 1024);
    expect(big.exited.maxRssKiB).toBeLessThan(60 * 1024);
  });

  test("what does not exist, may not run or is no program is told with its errno", async ({
    expect,
  }) => {
    for (const [program, errno] of [
      ["/does/not/exist", 2],
      ["does-not-exist", 2],
      ["", 2],
      ["/etc/passwd", 13],
      ["/etc/passwd/below", 20],
    ] as const) {
      await using driver = new SpawnerDriver();
      driver.configure({ command: [program] });
      const run = await driver.run({ body: "unread" });
      expect([program, run.exited.flags, run.exited.errno]).toEqual([
        program,
        EXEC_FAILED | FLAG_GONE,
        errno,
      ]);
    }
  });

  test("an environment that is too big for the kernel is E2BIG, and the next run is well", async ({
    expect,
  }) => {
    await using driver = new SpawnerDriver();
    driver.configure({ command: ["cat"] });
    const run = await driver.run({ environment: [`BIG=${"x".repeat(1 << 20)}`] });
    expect(run.exited).toMatchObject({ flags: EXEC_FAILED | FLAG_GONE, errno: 7 });
    expect((await driver.run({ body: "well" })).output[1].toString()).toBe("well");
  });

  test("EXPIRED comes at the deadline, before the process has died of it", async ({ expect }) => {
    await using driver = startShell({ graceMs: 300 });
    const began = performance.now();
    const run = driver.start({
      ...script("trap '' TERM; echo lost; while :; do sleep 0.05; done"),
      deadlineMs: 200,
    });
    await driver.until(() => run.expired, "EXPIRED");
    const expired = performance.now() - began;
    expect(expired).toBeGreaterThan(195);
    expect(run.exited).toBeUndefined();
    await driver.gone(run);
    expect(performance.now() - began - expired).toBeGreaterThan(250);
    expect(types(run).slice(0, 2)).toEqual([EXPIRED, EXITED]);
    expect(run.exited?.status).toBe(9);
    expect(run.output[1]).toHaveLength(0);
  });

  test("DEADLINE replaces the deadline, or takes it away", async ({ expect }) => {
    await using driver = startShell();
    const sooner = driver.start({ ...script("sleep 60"), deadlineMs: 60_000 });
    driver.write(frame(DEADLINE, { id: sooner.id, b: 50 }));
    await driver.until(() => sooner.expired, "EXPIRED");
    const never = driver.start({ ...script("sleep 0.4; echo late"), deadlineMs: 200 });
    driver.write(frame(DEADLINE, { id: never.id, b: 0 }));
    await driver.gone(never);
    expect([never.expired, never.output[1].toString()]).toEqual([false, "late\n"]);
    await driver.gone(sooner);
  });

  test("KILL ends the session with TERM, and what it says goodbye with on stderr is passed on", async ({
    expect,
  }) => {
    await using driver = startShell({ graceMs: 10_000 });
    const run = driver.start(
      script(
        "trap 'echo lost; echo bye >&2; exit 4' TERM; echo up >&2; while :; do sleep 0.01; done",
      ),
    );
    await driver.until(() => run.output[2].length > 0, "the process is up");
    driver.kill(run);
    await driver.gone(run);
    expect(run.exited?.status).toBe(4 << 8);
    expect(run.output[1]).toHaveLength(0);
    expect(run.output[2].toString()).toContain("bye\n");
  });

  test("KILL with NOW waits for no grace, also behind a KILL without", async ({ expect }) => {
    await using driver = startShell({ graceMs: 60_000 });
    const run = driver.start(script("trap '' TERM; echo up >&2; while :; do sleep 0.01; done"));
    await driver.until(() => run.output[2].length > 0, "the process is up");
    driver.kill(run);
    driver.kill(run, NOW);
    await driver.gone(run);
    expect(run.exited?.status).toBe(9);
  });

  test("KILL before the child has come to its exec ends it all the same", async ({ expect }) => {
    await using driver = startShell({ graceMs: 60_000 });
    for (let round = 0; round < 100; round++) {
      const run = driver.start(script("sleep 60"));
      driver.kill(run, round % 2 ? NOW : 0);
      const { status } = await driver.gone(run);
      expect([9, 15]).toContain(status & 0x7f);
    }
  });

  test("a stdout that was passed over does not keep a killed run from being gone", async ({
    expect,
  }) => {
    await using driver = startShell();
    const run = driver.start(script("exec cat /dev/zero"));
    await driver.until(() => run.handles.has(1), "stdout's pipe");
    driver.kill(run, NOW);
    await driver.gone(run);
    expect(run.exited?.status).toBe(9);
  });

  test("frames about a run that is over are ignored", async ({ expect }) => {
    await using driver = startShell();
    const { id } = await driver.run(script("true"));
    for (const type of [KILL, CLOSED, DEADLINE]) driver.write(frame(type, { id, a: 1, b: 1 }));
    for (const type of [KILL, CLOSED, DEADLINE])
      driver.write(frame(type, { id: id ^ 0x10000, a: 1, b: 1 }));
    expect((await driver.run(script("echo on"))).output[1].toString()).toBe("on\n");
  });

  test("a slot serves again under another generation as soon as it is gone", async ({ expect }) => {
    await using driver = startShell();
    for (let generation = 1; generation <= 50; generation++) {
      const run = driver.startAs(generation * 65_536 + 9, script(`echo ${generation}`));
      await driver.gone(run);
      expect(run.output[1].toString()).toBe(`${generation}\n`);
    }
  });
});
