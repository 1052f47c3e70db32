import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { isPopulated, makeGroup, noGroupsReason, type TestGroup } from "../support/cgroups.ts";
import { fileURLToPath } from "node:url";
import { type DriverOptions, SpawnerDriver, spawnerPath } from "../support/spawner-driver.ts";
import { type ConfigFields, CGROUPS, KEEP_DAEMONS, NOW, WARNING } from "../support/spawner-frames.ts";
import { processState } from "../support/spawner-processes.ts";
import { SHELL, script } from "../support/spawner-suite.ts";
import { until } from "../support/until.ts";

const reason =
  noGroupsReason() ??
  (existsSync(spawnerPath()) || process.env.CI ? undefined : "the spawner is not built");

const ESCAPE = "env -i setsid sh -c 'echo $$ >&2; exec sleep 60 >/dev/null 2>&1' &";

function startIn(
  group: TestGroup,
  fields: Partial<ConfigFields> = {},
  options: DriverOptions = {},
): SpawnerDriver {
  const driver = new SpawnerDriver({ command: [...group.enter, spawnerPath()], ...options });
  driver.configure({ ...SHELL, flags: CGROUPS, ...fields });
  return driver;
}

const warnings = (driver: SpawnerDriver): string[] =>
  driver.frames.filter(({ type }) => type === WARNING).map(({ payload }) => payload.toString());

describe.skipIf(reason)(reason ?? "A run in a control group of its own", () => {
  test("what escaped without a marker ends with its own run, while another goes on", async ({
    expect,
  }) => {
    using group = makeGroup("breeze-test-escape");
    await using driver = startIn(group);
    const longer = driver.start({ ...script(`${ESCAPE} sleep 0.1; cat`), flags: 4 });
    await driver.until(() => longer.output[2].length > 0, "its escapee");
    const run = await driver.run(script(`${ESCAPE} sleep 0.1`));
    expect(processState(Number(run.output[2]))).toBeUndefined();
    expect(processState(Number(longer.output[2]))).toBe("S");
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
    const run = await driver.run({
      environment: [`SCRIPT=B='${bomb.replaceAll("'", `'"'"'`)}'; eval "$B"`],
      limits: [{ resource: 6, soft: 60n, hard: 60n }],
      deadlineMs: 400,
    });
    expect(run.expired).toBe(true);
    const after = await driver.run({ environment: ["SCRIPT=pgrep -u 54321 | wc -l"] });
    // The shell that asks, and what it asks with.
    expect(Number(after.output[1])).toBeLessThanOrEqual(3);
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

  for (const [who, end] of [
    ["Node", (driver: SpawnerDriver) => driver.closeSocket()],
    ["a protocol that is broken", (driver: SpawnerDriver) => driver.write(Buffer.alloc(64, 255))],
  ] as const) {
    test(`nothing is left in the hierarchy after the end by ${who}`, async ({ expect }) => {
      using group = makeGroup("breeze-test-end");
      const driver = startIn(group);
      const run = driver.start(script(`${ESCAPE} trap '' TERM; sleep 60; sleep 60`));
      await driver.until(() => run.output[2].length > 0, "its escapee");
      end(driver);
      await driver.exit;
      expect(group.folders()).toEqual([]);
      expect(processState(Number(run.output[2]))).toBeUndefined();
      await driver[Symbol.asyncDispose]();
    });
  }

  test("when the spawner is killed the next one ends and removes what it left", async ({
    expect,
  }) => {
    using group = makeGroup("breeze-test-killed");
    const first = startIn(group);
    const run = first.start(script(`${ESCAPE} sleep 60`));
    await first.until(() => run.output[2].length > 0, "its escapee");
    first.process.kill("SIGKILL");
    await first.exit;
    expect(processState(Number(run.output[2]))).toBe("S");
    const second = startIn(group);
    await second.run(script("true"));
    expect(processState(Number(run.output[2])) ?? "Z").toBe("Z");
    expect(group.folders().filter((each) => !each.includes("/"))).toHaveLength(1);
    await second[Symbol.asyncDispose]();
    expect(group.folders()).toEqual([]);
  });

  test("a spawner leaves those of others, who live, alone", async ({ expect }) => {
    using group = makeGroup("breeze-test-others");
    const others = join(group.path, "breeze-runs-of-somebody-else");
    mkdirSync(others);
    await using first = startIn(group);
    const run = first.start({ ...script(`${ESCAPE} cat`), flags: 4 });
    await first.until(() => run.output[2].length > 0, "its escapee");
    const second = startIn(group);
    await second.run(script("true"));
    await second[Symbol.asyncDispose]();
    expect(processState(Number(run.output[2]))).toBe("S");
    expect(existsSync(others)).toBe(true);
    expect(run.exited).toBeUndefined();
  });

  test("KEEP_DAEMONS keeps daemons, and their group until they have ended", async ({ expect }) => {
    using group = makeGroup("breeze-test-daemons");
    await using driver = startIn(group, { flags: CGROUPS | KEEP_DAEMONS });
    const run = await driver.run(script(`${ESCAPE} sleep 0.1`));
    const daemon = Number(run.output[2]);
    const [kept] = group.folders().slice(1);
    await driver.run(script("true"));
    expect(processState(daemon)).toBe("S");
    expect(isPopulated(join(group.path, kept as string))).toBe(true);
    process.kill(daemon, "SIGKILL");
    await until("its group is swept", async () => {
      await driver.run(script("true"));
      return !group.folders().includes(kept as string);
    });
  });

  test("a daemon that is kept survives its spawner, and the next one", async ({ expect }) => {
    using group = makeGroup("breeze-test-survivor");
    const fields = { flags: CGROUPS | KEEP_DAEMONS };
    const driver = startIn(group, fields);
    const run = await driver.run(script(`${ESCAPE} sleep 0.1`));
    await driver[Symbol.asyncDispose]();
    const next = startIn(group);
    await next.run(script("true"));
    const daemon = Number(run.output[2]);
    expect(processState(daemon)).toBe("S");
    await next[Symbol.asyncDispose]();
    process.kill(daemon, "SIGKILL");
    await until("its end", () => "Z".includes(processState(daemon) ?? "Z"));
    const last = startIn(group);
    await last.run(script("true"));
    await last[Symbol.asyncDispose]();
    expect(group.folders()).toEqual([]);
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
    await using driver = startIn(
      group,
      {},
      { command: [...group.enter, ...user, spawnerPath()] },
    );
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

  test("when Node is killed nothing is left in the hierarchy", async ({ expect }) => {
    using group = makeGroup("breeze-test-node");
    const program = fileURLToPath(new URL("../support/holds-processes.ts", import.meta.url));
    const text = `${ESCAPE} echo ready; sleep 60`;
    const [shell = "", ...rest] = [...group.enter, process.execPath, program, text, "MARK=1", "on"];
    const node = spawn(shell, rest, { stdio: ["ignore", "pipe", "inherit"] });
    await once(node.stdout, "data");
    expect(group.folders().length).toBeGreaterThan(1);
    node.kill("SIGKILL");
    await until("nothing is left", () => group.folders().length === 0);
    expect(isPopulated(group.path)).toBe(false);
  });
});
