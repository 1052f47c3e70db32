import { chownSync, existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { isPopulated, makeGroup } from "../support/cgroups.ts";
import { ESCAPE, noCgroupsReason, startIn, warnings } from "../support/spawner-cgroups.ts";
import { spawnerPath } from "../support/spawner-driver.ts";
import { NOW } from "../support/spawner-frames.ts";
import { isAlive, processState } from "../support/spawner-processes.ts";
import { script } from "../support/spawner-suite.ts";

describe.skipIf(noCgroupsReason)(noCgroupsReason ?? "A run in a control group of its own", () => {
  test("what escaped without a marker ends with its own run, while another goes on", async ({
    expect,
  }) => {
    using group = makeGroup("breeze-test-escape");
    await using driver = startIn(group);
    const longer = driver.start({ ...script(`${ESCAPE} sleep 0.1; cat`), flags: 4 });
    await driver.until(() => longer.output[2].length > 0, "its escapee");
    const run = await driver.run(script(`${ESCAPE} sleep 0.1`));
    expect(processState(Number(run.output[2]))).toBeUndefined();
    expect(isAlive(Number(longer.output[2]))).toBe(true);
    driver.kill(longer, NOW);
    await driver.gone(longer);
    expect(processState(Number(longer.output[2]))).toBeUndefined();
    expect(warnings(driver)).toEqual([]);
  });

  test("what escaped without a marker gets its TERM and its grace", async ({ expect }) => {
    using group = makeGroup("breeze-test-grace");
    await using driver = startIn(group, { graceMs: 5_000 });
    const escapee = "trap 'echo bye >&2; exit' TERM; echo up >&2; while :; do sleep 0.01; done";
    const run = await driver.run(
      script(`A="${escapee}"; env -i setsid sh -c "$A" >/dev/null & sleep 0.2`),
    );
    expect(run.output[2].toString()).toMatch(/^up\n(Terminated\n)?bye\n$/);
  });

  test("a bomb of sessions as another user ends at its deadline", async ({ expect }) => {
    using group = makeGroup("breeze-test-bomb");
    const bomb =
      "b() { while :; do env -i setsid sh -c \"$B\" >/dev/null 2>&1 & sleep 0.01; done; }; trap '' TERM; b";
    // Bounded by the number of processes of a user that nobody else is.
    const command = ["setpriv", "--reuid=54321", "--clear-groups", "sh", "-c", 'eval "$SCRIPT"'];
    await using driver = startIn(group, { command, graceMs: 100 });
    // While another run is in flight nothing but its group says whose a process without a marker is.
    const longer = driver.start({ environment: ["SCRIPT=echo up >&2; exec cat"], flags: 4 });
    await driver.until(() => longer.output[2].length > 0, "the other run");
    const run = await driver.run({
      // What leads it does not fork: a shell that may not have another process gives up.
      environment: [`SCRIPT=B='${bomb.replaceAll("'", `'"'"'`)}'; eval "$B" & exec sleep 60`],
      limits: [{ resource: 6, soft: 60n, hard: 60n }],
      deadlineMs: 400,
    });
    expect(run.expired).toBe(true);
    const after = await driver.run({ environment: ["SCRIPT=pgrep -u 54321 | wc -l"] });
    // The other run, the shell that asks, and what it asks with.
    expect(Number(after.output[1])).toBeLessThanOrEqual(4);
    expect(longer.exited).toBeUndefined();
  });

  test("nothing is left in the hierarchy after 200 mixed runs", async ({ expect }) => {
    using group = makeGroup("breeze-test-mixed");
    await using driver = startIn(group, { graceMs: 50 });
    const scripts = ["true", ESCAPE, "sleep 60 & exec sleep 60", "echo out; exit 3", "kill -9 $$"];
    const runs = Array.from({ length: 200 }, (_, index) =>
      driver.start({
        ...script(scripts[index % scripts.length] as string),
        deadlineMs: index % 3 === 0 ? 50 : 400,
      }),
    );
    for (const run of runs) await driver.gone(run);
    const leaves = group.folders().slice(1);
    expect(leaves.length).toBeGreaterThan(0);
    expect(leaves.length).toBeLessThanOrEqual(64);
    for (const leaf of leaves) expect(isPopulated(join(group.path, leaf))).toBe(false);
    driver.endInput();
    expect((await driver.exit).code).toBe(0);
    expect(group.folders()).toEqual([]);
    expect(warnings(driver)).toEqual([]);
  });

  test("what a run made in its own group goes with it, and the next run is not hindered", async ({
    expect,
  }) => {
    using group = makeGroup("breeze-test-nested");
    await using driver = startIn(group);
    const own = `${group.path}/$(basename "$(dirname "$(sed -n s/^0:://p /proc/self/cgroup)")")/$(basename "$(sed -n s/^0:://p /proc/self/cgroup)")`;
    for (let round = 0; round < 5; round++) {
      const run = await driver.run(script(`D=${own}; mkdir -p $D/a/b && echo $D`));
      expect(run.output[1].toString()).toContain(group.path);
      expect(existsSync(run.output[1].toString().trim())).toBe(false);
    }
    expect(warnings(driver)).toEqual([]);
  });

  for (const mode of ["shared", "waiting", "copied"]) {
    test(`a process that is cloned as "${mode}" has its group, its limits and its exec's errno`, async ({
      expect,
    }) => {
      using group = makeGroup("breeze-test-mode");
      await using driver = startIn(group, {}, { mode });
      const limits = [{ resource: 7, soft: 33n, hard: 44n }];
      const run = await driver.run({
        ...script("sed -n s/^0:://p /proc/self/cgroup; ulimit -n"),
        limits,
      });
      expect(run.output[1].toString()).toMatch(/\/breeze-runs-\d+-\d+\/0-1\n33\n$/);
      await using failing = startIn(group, { command: ["/does/not/exist"] }, { mode });
      expect((await failing.run()).exited.errno).toBe(2);
    });
  }

  test("where the kernel refuses the clone one warning says so, and runs go on without", async ({
    expect,
  }) => {
    using group = makeGroup("breeze-test-refused");
    // It may make folders, but may not take processes out of the group that it is in.
    chownSync(group.path, 54_321, 54_321);
    const user = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"];
    await using driver = startIn(group, {}, { command: [...group.enter, ...user, spawnerPath()] });
    for (let round = 0; round < 3; round++) {
      const run = await driver.run(script("setsid sleep 60 >/dev/null 2>&1 & echo on"));
      expect(run.output[1].toString()).toBe("on\n");
    }
    expect(driver.processes()).toEqual([]);
    expect(warnings(driver)).toEqual([expect.stringMatching(/starts no process in a group/)]);
    await driver[Symbol.asyncDispose]();
    expect(group.folders()).toEqual([]);
  });

  test("where the hierarchy may not be written one warning says so, and runs go on without", async ({
    expect,
  }) => {
    using group = makeGroup("breeze-test-read-only");
    const user = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"];
    const options = { command: [...group.enter, ...user, spawnerPath()] };
    await using driver = startIn(group, {}, options);
    for (let round = 0; round < 3; round++) await driver.run(script("true"));
    expect(warnings(driver)).toEqual([expect.stringMatching(/may not be written/)]);
    await using unasked = startIn(group, { flags: 0 }, options);
    await unasked.run(script("true"));
    expect(warnings(unasked)).toEqual([]);
  });
});
