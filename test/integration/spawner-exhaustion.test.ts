import { readFileSync } from "node:fs";
import { test } from "vitest";
import { compileFixture } from "../support/compile-fixture.ts";
import { SpawnerDriver, spawnerPath } from "../support/spawner-driver.ts";
import { EXEC_FAILED, FLAG_GONE, NOW } from "../support/spawner-frames.ts";
import { describeSpawner, SHELL, script, startShell } from "../support/spawner-suite.ts";
import { until } from "../support/until.ts";

const EAGAIN = 11;
const ENOMEM = 12;
const EMFILE = 24;
const RLIMIT_AS = 9;
const UNLIMITED = 0xffff_ffff_ffff_ffffn;

/** A user of its own, so that the limit counts the processes of this test alone. */
const someUid = () => 100_000 + Math.floor(Math.random() * 800_000);
const asRoot = test.skipIf(process.getuid?.() !== 0 && !process.env.CI);

/** Starts runs until one is refused, and gives its errno; then ends the others and sees that all is well again. */
async function refusedWith(
  driver: SpawnerDriver,
  fields: Parameters<SpawnerDriver["start"]>[0],
): Promise<number> {
  const runs = [driver.start(fields)];
  const refused = () =>
    runs.find(({ exited }) => exited && exited.flags === (EXEC_FAILED | FLAG_GONE));
  while (!refused() && runs.length < 400) {
    runs.push(driver.start(fields));
    await new Promise(setImmediate);
  }
  await driver.until(() => refused() !== undefined, "a refusal");
  for (const run of runs) driver.kill(run, NOW);
  for (const run of runs) await driver.gone(run);
  return refused()?.exited?.errno as number;
}

const kinds = [
  ["in its group", ""],
  ["with a session for each process", " apart"],
] as const;

describeSpawner("When something runs out", () => {
  asRoot("no more processes are EAGAIN, and the next ones are well", async ({ expect }) => {
    await using driver = new SpawnerDriver({
      command: ["prlimit", "--nproc=40", spawnerPath()],
      uid: someUid(),
    });
    driver.configure(SHELL);
    expect(await refusedWith(driver, script("exec sleep 60"))).toBe(EAGAIN);
    expect((await driver.run(script("exec echo well"))).output[1].toString()).toBe("well\n");
  });

  test("no more descriptors are EMFILE, and the next ones are well", async ({ expect }) => {
    await using driver = new SpawnerDriver({
      command: ["prlimit", "--nofile=40:40", spawnerPath()],
    });
    driver.configure(SHELL);
    expect(await refusedWith(driver, script("exec sleep 60"))).toBe(EMFILE);
    expect((await driver.run(script("exec echo well"))).output[1].toString()).toBe("well\n");
  });

  test("no more memory is ENOMEM, and the next ones are well", async ({ expect }) => {
    await using driver = new SpawnerDriver({
      command: ["prlimit", `--as=${6 << 20}:unlimited`, spawnerPath()],
    });
    driver.configure(SHELL);
    const limits = [{ resource: RLIMIT_AS, soft: UNLIMITED, hard: UNLIMITED }];
    expect(await refusedWith(driver, { ...script("exec sleep 60"), limits })).toBe(ENOMEM);
    expect((await driver.run({ ...script("exec echo well"), limits })).output[1].toString()).toBe(
      "well\n",
    );
  });

  test("an environment that there is no memory for is ENOMEM", async ({ expect }) => {
    await using driver = new SpawnerDriver({
      command: ["prlimit", `--as=${6 << 20}:unlimited`, spawnerPath()],
    });
    driver.configure(SHELL);
    const limits = [{ resource: RLIMIT_AS, soft: UNLIMITED, hard: UNLIMITED }];
    const environment = Array.from(
      { length: 18 },
      (_, index) => `V${index}=${"x".repeat(100_000)}`,
    );
    const runs = [1, 2, 3].map(() =>
      driver.start({ limits, environment: [...environment, "SCRIPT=exec sleep 60"] }),
    );
    await driver.until(() => runs.some(({ exited }) => exited?.errno === ENOMEM), "ENOMEM");
    for (const run of runs) driver.kill(run, NOW);
    for (const run of runs) await driver.gone(run);
    expect((await driver.run({ ...script("exec echo well"), limits })).output[1].toString()).toBe(
      "well\n",
    );
  });

  test("the kernel looks at what was started as at the spawner itself: as CONFIG says", async ({
    expect,
  }) => {
    await using driver = new SpawnerDriver();
    driver.configure({ command: ["cat", "/proc/self/oom_score_adj"], oomScore: 987 });
    expect((await driver.run()).output[1].toString()).toBe("987\n");
    expect(readFileSync(`/proc/${driver.pid}/oom_score_adj`, "utf8")).toBe("987\n");
  });

  test("after a burst a small process's peak of memory is its own again", async ({ expect }) => {
    await using driver = startShell();
    const runs = Array.from({ length: 300 }, () =>
      driver.start({ ...script("exec cat"), body: Buffer.alloc(60_000) }),
    );
    for (const run of runs) await driver.gone(run);
    const { exited } = await driver.run(script("exec true"));
    expect(exited.maxRssKiB).toBeLessThan(2048);
  });

  for (const [what, argument] of kinds) {
    asRoot(
      `a fork bomb ${what} that ignores TERM is gone after its deadline`,
      async ({ expect }) => {
        using bomb = compileFixture("forks-forever");
        await using driver = new SpawnerDriver({
          command: ["prlimit", "--nproc=150", spawnerPath()],
          uid: someUid(),
        });
        driver.configure({ ...SHELL, graceMs: 200 });
        const run = driver.start({ ...script(`exec ${bomb.path}${argument}`), deadlineMs: 500 });
        await driver.until(() => run.expired, "EXPIRED");
        await driver.gone(run);
        expect(driver.processes()).toEqual([]);
        expect((await driver.run(script("exec echo well"))).output[1].toString()).toBe("well\n");
      },
    );

    asRoot(`a fork bomb ${what} is gone soon after Node`, async () => {
      using bomb = compileFixture("forks-forever");
      await using driver = new SpawnerDriver({
        command: ["prlimit", "--nproc=150", spawnerPath()],
        uid: someUid(),
      });
      driver.configure(SHELL);
      driver.start(script(`exec ${bomb.path}${argument}`));
      await until("it is many", () => driver.processes().length > 50);
      driver.closeSocket();
      await driver.exit;
      await until("no process is left", () => driver.processes().length === 0);
    });
  }
});
