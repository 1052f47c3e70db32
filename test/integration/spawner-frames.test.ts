import { test } from "vitest";
import { SpawnerDriver } from "../support/spawner-driver.ts";
import {
  BODY_COMPLETE,
  CLOSED,
  COMBINE,
  DEADLINE,
  END,
  EXEC_FAILED,
  EXITED,
  EXPIRED,
  FLAG_GONE,
  frame,
  GONE,
  HOLD,
  KILL,
  NOW,
  OUT,
  PASSED,
  READY,
  WITH_FD3,
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
    expect(ready).toMatchObject({ type: READY, id: 0, a: 1, b: driver.pid });
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

  test("held output over 4 KiB comes in OUT frames, whole and in order", async ({ expect }) => {
    await using driver = startShell();
    const run = await driver.run(script("seq 1 8000; echo end"));
    expect(types(run)).toContain(OUT);
    const lines = run.output[1].toString().split("\n");
    expect(lines.slice(0, 2)).toEqual(["1", "2"]);
    expect(lines.slice(-3)).toEqual(["8000", "end", ""]);
    expect(lines).toHaveLength(8002);
  });

  test("without HOLD each chunk comes at once, while the process still runs", async ({
    expect,
  }) => {
    await using driver = startShell();
    const run = driver.start({ ...script("echo first; cat"), flags: 0 });
    await driver.until(() => run.output[1].toString() === "first\n", "the first chunk");
    await driver.until(() => run.handles.has(0), "stdin's pipe");
    run.handles.get(0)?.write("second\n");
    await driver.until(() => run.output[1].toString() === "first\nsecond\n", "the second chunk");
    expect(run.exited).toBeUndefined();
    run.handles.get(0)?.end();
    await driver.gone(run);
    expect(run.exited?.status).toBe(0);
  });

  test("an end of stdout before the process's own is told by the flag END", async ({ expect }) => {
    await using driver = startShell();
    const run = driver.start({ ...script("echo bye; exec >&-; cat >/dev/null"), flags: 0 });
    await driver.until(
      () => run.frames.some(({ type, flags, a }) => type === OUT && flags === END && a === 1),
      "END",
    );
    expect(run.exited).toBeUndefined();
    await driver.until(() => run.handles.has(0), "stdin's pipe");
    run.handles.get(0)?.end();
    await driver.gone(run);
    expect(run.output[1].toString()).toBe("bye\n");
  });

  test("stderr and descriptor 3 have pipes of their own", async ({ expect }) => {
    await using driver = startShell();
    const flags = BODY_COMPLETE | HOLD | WITH_FD3;
    const run = await driver.run({ ...script("echo one; echo two >&2; echo three >&3"), flags });
    expect(Object.values(run.output).map(String)).toEqual(["one\n", "two\n", "three\n"]);
  });

  test("COMBINE keeps the order of stdout and stderr", async ({ expect }) => {
    await using driver = startShell();
    const flags = BODY_COMPLETE | HOLD | COMBINE;
    const run = await driver.run({ ...script("echo 1; echo 2 >&2; echo 3; echo 4 >&2"), flags });
    expect(run.output[1].toString()).toBe("1\n2\n3\n4\n");
    expect(run.output[2]).toHaveLength(0);
  });

  test("what stderr says last comes before GONE", async ({ expect }) => {
    await using driver = startShell();
    for (let round = 0; round < 50; round++) {
      const run = await driver.run(script("echo out; seq 1 2000 >&2"));
      expect(run.output[2].toString().endsWith("\n2000\n")).toBe(true);
    }
  });

  test("of a big output 64 KiB come in frames, the rest through the pipe itself", async ({
    expect,
  }) => {
    await using driver = startShell({ passedPipeSize: 1 << 20 });
    const run = driver.start(script("head -c 3000000 /dev/zero | tr '\\0' x"));
    await driver.until(() => run.passed && run.handles.has(1), "stdout's pipe");
    expect(types(run).filter((type) => type === PASSED)).toHaveLength(1);
    expect(run.output[1]).toHaveLength(64 * 1024);
    let rest = 0;
    for await (const chunk of run.handles.get(1) as AsyncIterable<Buffer>) rest += chunk.length;
    expect(run.output[1].length + rest).toBe(3_000_000);
    await driver.until(() => run.exited !== undefined, "EXITED");
    expect(run.gone).toBe(false);
    driver.write(frame(CLOSED, { id: run.id, a: 1 }));
    await driver.gone(run);
    expect(types(run).slice(-2)).toEqual([EXITED, GONE]);
  });

  test("without a handle channel all output stays in frames, and a body has to be complete", async ({
    expect,
  }) => {
    await using driver = new SpawnerDriver({ handleChannel: false });
    driver.configure({ command: ["head", "-c", "3000000", "/dev/zero"] });
    expect((await driver.run()).output[1]).toHaveLength(3_000_000);
    expect((await driver.run({ flags: HOLD })).exited).toMatchObject({
      flags: EXEC_FAILED | FLAG_GONE,
      errno: 107,
    });
  });

  test("a body that is not complete is written into the pipe itself", async ({ expect }) => {
    await using driver = startShell();
    const run = driver.start({ ...script("wc -c"), flags: HOLD });
    await driver.until(() => run.handles.has(0), "stdin's pipe");
    run.handles.get(0)?.end(Buffer.alloc(5_000_000));
    await driver.gone(run);
    expect(run.output[1].toString().trim()).toBe("5000000");
  });

  test("a complete body of any size that fits into a frame arrives, however slowly it is read", async ({
    expect,
  }) => {
    await using driver = startShell();
    for (const size of [0, 1, 4095, 4096, 4097, 65_535, 65_536, 65_537, 1_900_000]) {
      const run = await driver.run({ ...script("sleep 0.01; wc -c"), body: Buffer.alloc(size, 7) });
      expect(Number(run.output[1])).toBe(size);
    }
  });

  test("a body that nobody reads is no failure", async ({ expect }) => {
    await using driver = startShell();
    const run = await driver.run({ ...script("echo done"), body: Buffer.alloc(1_000_000) });
    expect([run.exited.status, run.output[1].toString()]).toEqual([0, "done\n"]);
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
