import { readdirSync, readFileSync } from "node:fs";
import { test } from "vitest";
import { SpawnerDriver, spawnerPath } from "../support/spawner-driver.ts";
import { HOLD, NOW } from "../support/spawner-frames.ts";
import { childrenOf } from "../support/spawner-processes.ts";
import { describeSpawner, SHELL, script, startShell } from "../support/spawner-suite.ts";
import { until } from "../support/until.ts";

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Open descriptors of the thread that works; the other one has none. */
const descriptorsOf = (pid: number) =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readdirSync(`/proc/${pid}/task/${thread}/fd`),
  ).length;
const residentKiBOf = (pid: number) =>
  Number(readFileSync(`/proc/${pid}/status`, "latin1").match(/VmRSS:\s+(\d+)/)?.[1]);

describeSpawner("In the long run", () => {
  test("nothing is lost while Node does not read for seconds", async ({ expect }) => {
    await using driver = startShell();
    await driver.ready();
    driver.stopReading();
    const runs = Array.from({ length: 2_000 }, (_, index) =>
      driver.start({ ...script(`echo ${index} >&2; cat`), body: Buffer.alloc(4_000, index) }),
    );
    await wait(3_000);
    expect(residentKiBOf(driver.pid)).toBeLessThan(64 << 10);
    driver.readAgain();
    await driver.until(() => runs.every(({ gone }) => gone), "all are gone", 15_000);
    runs.forEach((run, index) => {
      expect(run.exited?.status).toBe(0);
      expect(run.output[1].equals(Buffer.alloc(4_000, index))).toBe(true);
      expect(run.output[2].toString()).toBe(`${index}\n`);
    });
  });

  test("a process whose output Node does not read waits, and the spawner does not grow", async ({
    expect,
  }) => {
    await using driver = startShell();
    await driver.ready();
    driver.stopReading();
    const runs = Array.from({ length: 10 }, () =>
      driver.start(script("head -c 2000000 /dev/zero >&2; echo done")),
    );
    await wait(500);
    expect(residentKiBOf(driver.pid)).toBeLessThan(2_048);
    driver.readAgain();
    for (const run of runs) await driver.gone(run);
    expect(runs.map(({ output }) => output[2].length)).toEqual(Array(10).fill(2_000_000));
  });

  test("deadlines are kept while Node does not read", async ({ expect }) => {
    await using driver = startShell();
    await driver.ready();
    driver.stopReading();
    const run = driver.start({ ...script("sleep 60"), deadlineMs: 100 });
    const flood = driver.start(script("exec cat /dev/zero >&2"));
    await until("only the flood is left", async () => driver.processes().length === 1);
    driver.readAgain();
    await driver.gone(run);
    expect(run.expired).toBe(true);
    driver.kill(flood, NOW);
    await driver.gone(flood);
  });

  test("hundreds of pipes passed at once all arrive, each with its bytes", async ({ expect }) => {
    await using driver = startShell();
    const runs = Array.from({ length: 200 }, (_, index) =>
      driver.start({ ...script(`head -c 70000 /dev/zero; echo ${index}; cat`), flags: HOLD }),
    );
    await driver.until(
      () => runs.every(({ handles }) => handles.size === 2),
      "all handles",
      15_000,
    );
    for (const [index, run] of runs.entries()) {
      run.handles.get(0)?.end(`body ${index}`);
      let text = "";
      for await (const chunk of run.handles.get(1) as AsyncIterable<Buffer>)
        text += chunk.toString();
      expect(text.replaceAll("\0", "")).toBe(`${index}\nbody ${index}`);
      driver.kill(run, NOW);
      await driver.gone(run);
    }
  });

  test("after thousands of mixed runs there is no zombie, no process and no descriptor more", async ({
    expect,
  }) => {
    await using driver = startShell({ graceMs: 100 });
    const kinds = [
      () => driver.run({ ...script("cat"), body: "body" }),
      () => driver.run(script("exit 3")),
      () => driver.run(script("kill -9 $$")),
      () => driver.run({ ...script("sleep 60"), deadlineMs: 5 }),
      () => driver.run(script("setsid sleep 60 >/dev/null 2>&1 & true")),
      () => driver.run(script("sleep 60 >/dev/null 2>&1 & true")),
      () => driver.run(script("seq 1 3000")),
      () => driver.run({ environment: ["SCRIPT=true", `BIG=${"x".repeat(140_000)}`] }),
      () => driver.run({ ...script("echo unread"), body: Buffer.alloc(200_000) }),
      async () => {
        const run = driver.start({ ...script("echo; cat"), flags: 0 });
        driver.kill(run, Math.random() < 0.5 ? NOW : 0);
        await driver.gone(run);
        for (const handle of run.handles.values()) handle.destroy();
      },
    ];
    const round = async (times: number) => {
      for (let i = 0; i < times; i++) await Promise.all(kinds.map((kind) => kind()));
      driver.runs.clear();
      driver.frames.length = 0;
    };
    await round(20);
    const before = { descriptors: descriptorsOf(driver.pid), resident: residentKiBOf(driver.pid) };
    await round(480);
    await until(
      "nothing is left",
      () => driver.processes().length === 0 && childrenOf(driver.pid).length === 0,
    );
    expect(descriptorsOf(driver.pid)).toBe(before.descriptors);
    expect(residentKiBOf(driver.pid)).toBeLessThan(before.resident * 1.1 + 64);
  }, 120_000);

  test("the end of Node at any moment leaves no process", async () => {
    for (let round = 0; round < 25; round++) {
      const driver = startShell();
      for (let i = 0; i < 4; i++)
        driver.start(script("setsid sleep 60 & sleep 60 & trap '' TERM; sleep 60"));
      await wait(Math.random() * 30);
      driver.closeSocket();
      await driver.exit;
      await until("no process is left", () => driver.processes().length === 0);
    }
  }, 60_000);

  test("the end of the spawner at any moment leaves none of the processes that it started", async () => {
    for (let round = 0; round < 25; round++) {
      const driver = startShell();
      for (let i = 0; i < 4; i++) driver.start(script("exec sleep 60"));
      await wait(Math.random() * 30);
      driver.process.kill("SIGKILL");
      await driver.exit;
      await until("no process is left", () => driver.processes().length === 0);
    }
  }, 60_000);

  test("signals to Node's group and to the spawner itself are none of the spawner's", async ({
    expect,
  }) => {
    await using driver = new SpawnerDriver({ command: [spawnerPath()] });
    driver.configure(SHELL);
    await driver.ready();
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1", "SIGPIPE"] as const)
      driver.process.kill(signal);
    expect((await driver.run(script("echo on"))).output[1].toString()).toBe("on\n");
    const [, group] =
      readFileSync(`/proc/${driver.pid}/stat`, "latin1").split(") ")[1]?.split(" ").slice(1, 3) ??
      [];
    expect(Number(group)).toBe(driver.pid);
  });
});
