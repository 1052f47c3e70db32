import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { arch } from "node:os";
import { describe, test } from "vitest";
import { type DriverOptions, SpawnerDriver, spawnerPath } from "../support/spawner-driver.ts";
import { COMBINE, EXEC_FAILED, FLAG_GONE, HOLD, NOW, WITH_FD3 } from "../support/spawner-frames.ts";
import { SHELL, script } from "../support/spawner-suite.ts";

/** As PID 1, because the emulator does not know how to make another process the parent of orphans. */
const emulated = ["unshare", "--pid", "--fork", "--mount-proc", "qemu-aarch64-static"];
const isArm64 = arch() === "arm64";
const arm64: DriverOptions = isArm64 ? {} : { command: [...emulated, spawnerPath("arm64")] };

function canRunArm64(): boolean {
  if (isArm64 || !existsSync(spawnerPath("arm64"))) return isArm64;
  const [program, ...rest] = emulated;
  // Without a control socket it says so, and that it runs.
  return spawnSync(program as string, [...rest, spawnerPath("arm64")])
    .stderr?.toString()
    .startsWith("spawner:");
}

const ways: readonly [string, DriverOptions, boolean][] = [
  ["cloned with shared memory", { mode: "shared" }, existsSync(spawnerPath())],
  [
    "cloned with shared memory, waiting for the exec",
    { mode: "waiting" },
    existsSync(spawnerPath()),
  ],
  ["forked", { mode: "copied" }, existsSync(spawnerPath())],
  ["started on arm64", arm64, canRunArm64()],
];

for (const [way, options, isThere] of ways) {
  describe.skipIf(!isThere && !process.env.CI)(`A process that is ${way}`, () => {
    const start = (config = SHELL) => {
      const driver = new SpawnerDriver(options);
      driver.configure({ graceMs: 300, ...config });
      return driver;
    };

    test("gets its body and gives its output, exit code and bill", async ({ expect }) => {
      await using driver = start();
      const run = await driver.run({ ...script("cat; echo two >&2; exit 3"), body: "one\n" });
      expect([run.output[1].toString(), run.output[2].toString()]).toEqual(["one\n", "two\n"]);
      expect(run.exited).toMatchObject({ flags: FLAG_GONE, status: 3 << 8 });
      expect(run.exited.maxRssKiB).toBeGreaterThan(0);
    });

    test("gives bodies and output of every size back, many at once", async ({ expect }) => {
      await using driver = start({ command: ["cat"] });
      const bodies = Array.from({ length: 60 }, (_, index) =>
        Buffer.alloc(1 + index * 1_087, index),
      );
      const runs = await Promise.all(bodies.map((body) => driver.run({ body })));
      runs.forEach((run, index) => {
        expect(run.output[1].equals(bodies[index] as Buffer)).toBe(true);
      });
    });

    test("gives the errno of its exec", async ({ expect }) => {
      await using driver = start({ command: ["/does/not/exist"] });
      for (let round = 0; round < 10; round++) {
        expect((await driver.run()).exited).toMatchObject({
          flags: EXEC_FAILED | FLAG_GONE,
          errno: 2,
        });
      }
    });

    test("has limits, combined output and descriptor 3", async ({ expect }) => {
      await using driver = start();
      const flags = 1 | HOLD | COMBINE | WITH_FD3;
      const limits = [{ resource: 7, soft: 33n, hard: 44n }];
      const run = await driver.run({
        ...script("ulimit -n; echo two >&2; echo three >&3"),
        flags,
        limits,
      });
      expect([run.output[1].toString(), run.output[3].toString()]).toEqual([
        "33\ntwo\n",
        "three\n",
      ]);
    });

    test("streams through pipes of its own", async ({ expect }) => {
      await using driver = start({ command: ["cat"] });
      const run = driver.start({ flags: HOLD });
      await driver.until(() => run.handles.has(0), "stdin's pipe");
      run.handles.get(0)?.end(Buffer.alloc(1_000_000, 1));
      await driver.until(() => run.handles.has(1) && run.passed, "stdout's pipe");
      let size = run.output[1].length;
      for await (const chunk of run.handles.get(1) as AsyncIterable<Buffer>) size += chunk.length;
      expect(size).toBe(1_000_000);
      await driver.until(() => run.exited !== undefined, "its exit");
      driver.kill(run, NOW);
      expect((await driver.gone(run)).status).toBe(0);
    });

    test("dies at its deadline, with what ignores TERM and what escaped", async ({ expect }) => {
      await using driver = start();
      const text = "setsid sleep 60 & trap '' TERM; sleep 60 & sleep 60; sleep 60";
      const run = await driver.run({ ...script(text), deadlineMs: 200 });
      expect(run.expired).toBe(true);
      expect(driver.processes()).toEqual([]);
    });

    test("leaves nothing behind after its exit", async ({ expect }) => {
      await using driver = start();
      await driver.run(
        script("(setsid sleep 60 >/dev/null 2>&1 &); sleep 60 >/dev/null 2>&1 & true"),
      );
      expect(driver.processes()).toEqual([]);
    });

    test("ends with its spawner when Node ends", async ({ expect }) => {
      const driver = start();
      const run = driver.start(script("setsid sleep 60 & echo up >&2; sleep 60"));
      await driver.until(() => run.output[2].length > 0, "it is up");
      driver.closeSocket();
      expect((await driver.exit).code).toBe(0);
      await expect.poll(() => driver.processes()).toEqual([]);
    });
  });
}
