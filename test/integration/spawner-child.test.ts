import { test } from "vitest";
import { SpawnerDriver, spawnerPath } from "../support/spawner-driver.ts";
import {
  BODY_COMPLETE,
  EXEC_FAILED,
  FLAG_GONE,
  HOLD,
  WITH_FD3,
} from "../support/spawner-frames.ts";
import { describeSpawner, SHELL, script, startShell } from "../support/spawner-suite.ts";

/** The last one is that of the listed folder itself. */
const LIST = "exec ls /proc/self/fd";
const RLIMIT_CPU = 0;
const RLIMIT_FSIZE = 1;
const RLIMIT_NOFILE = 7;
const isRoot = process.getuid?.() === 0;

describeSpawner("What a process is given", () => {
  test("a session and a group of its own", async ({ expect }) => {
    await using driver = startShell();
    const run = await driver.run(script("echo $(ps -o sid=,pgid=,pid= $$)"));
    const [session, group, pid] = run.output[1].toString().trim().split(/ +/);
    expect([session, group, pid]).toEqual(Array(3).fill(String(run.exited.pid)));
  });

  test("default signals and an empty mask, whatever the spawner's parent had", async ({
    expect,
  }) => {
    await using driver = new SpawnerDriver({
      command: ["sh", "-c", `trap '' HUP INT TERM PIPE CHLD USR1; exec ${spawnerPath()}`],
    });
    driver.configure({ command: ["cat", "/proc/self/status"] });
    const status = (await driver.run()).output[1].toString();
    const masks = ["SigBlk", "SigIgn", "SigCgt"].map(
      (name) => status.match(`${name}:\\s+(\\w+)`)?.[1],
    );
    expect(masks).toEqual(Array(3).fill("0".repeat(16)));
  });

  test("descriptors 0 to 2 and no other, and 3 on request", async ({ expect }) => {
    await using driver = startShell();
    const list = script(LIST);
    expect((await driver.run(list)).output[1].toString()).toBe("0\n1\n2\n3\n");
    expect(
      (await driver.run({ ...list, flags: BODY_COMPLETE | HOLD | WITH_FD3 })).output[1].toString(),
    ).toBe("0\n1\n2\n3\n4\n");
  });

  test("no descriptor that the spawner itself inherited", async ({ expect }) => {
    await using driver = new SpawnerDriver({
      command: ["sh", "-c", `exec 7</etc/passwd 9</ ${spawnerPath()}`],
    });
    driver.configure(SHELL);
    expect((await driver.run(script(LIST))).output[1].toString()).toBe("0\n1\n2\n3\n");
  });

  test("its three descriptors also where the spawner has none of them", async ({ expect }) => {
    await using driver = new SpawnerDriver({
      command: ["sh", "-c", `exec ${spawnerPath()} <&- >&- 2>&-`],
    });
    driver.configure(SHELL);
    const run = await driver.run({
      ...script(`cat; echo two >&2; ${LIST}`),
      body: "one\n",
    });
    expect([run.output[1].toString(), run.output[2].toString()]).toEqual([
      "one\n0\n1\n2\n3\n",
      "two\n",
    ]);
  });

  test("real pipes: /dev/stdin, /dev/stdout and /dev/stderr can be opened", async ({ expect }) => {
    await using driver = startShell();
    const run = await driver.run({
      ...script("cat /dev/stdin | tee /dev/stderr | tee /dev/stdout >/dev/null"),
      body: "bytes",
    });
    expect([run.output[1].toString(), run.output[2].toString()]).toEqual(["", "bytes"]);
    expect(
      (
        await driver.run({ ...script("cat /dev/stdin > /dev/stdout"), body: "bytes" })
      ).output[1].toString(),
    ).toBe("bytes");
  });

  test("the end of an empty body", async ({ expect }) => {
    await using driver = startShell();
    expect((await driver.run(script("wc -c"))).output[1].toString().trim()).toBe("0");
  });

  test("the soft limit of descriptors that the spawner was started with", async ({ expect }) => {
    await using driver = new SpawnerDriver({
      command: ["prlimit", "--nofile=200:5000", spawnerPath()],
    });
    driver.configure(SHELL);
    expect((await driver.run(script("ulimit -Sn; ulimit -Hn"))).output[1].toString()).toBe(
      "200\n5000\n",
    );
  });

  test("the limits of its START", async ({ expect }) => {
    await using driver = startShell();
    const limits = [
      { resource: RLIMIT_NOFILE, soft: 50n, hard: 60n },
      { resource: RLIMIT_FSIZE, soft: 512n, hard: 1024n },
      { resource: RLIMIT_CPU, soft: 1n, hard: 2n },
    ];
    const run = await driver.run({
      ...script("ulimit -Sn; ulimit -Hn; ulimit -f; while :; do :; done"),
      limits,
    });
    expect(run.output[1].toString()).toBe("50\n60\n1\n");
    expect(run.exited.status & 0x7f).toBe(24);
  });

  test("no start at all when a limit cannot be set", async ({ expect }) => {
    await using driver = startShell();
    const run = await driver.run({
      ...script("echo ran"),
      limits: [{ resource: 99, soft: 1n, hard: 1n }],
    });
    expect(run.exited).toMatchObject({ flags: EXEC_FAILED | FLAG_GONE, errno: 22 });
    expect(run.output[1]).toHaveLength(0);
  });

  test("the base environment, the request's over it, and the marker: one entry a name", async ({
    expect,
  }) => {
    await using driver = new SpawnerDriver();
    driver.configure({
      command: ["/usr/bin/env"],
      environment: ["A=base", "B=base", "A=again", "C=base", "BREEZE_SESSION=forged"],
    });
    const run = await driver.run({
      environment: ["B=request", "D=first", "B=last", "BREEZE_SESSION=forged"],
    });
    const id = run.id.toString(16).padStart(8, "0");
    expect(run.output[1].toString().trim().split("\n").sort()).toEqual(
      ["A=base", "B=last", `${driver.marker}-${id}`, "C=base", "D=first"].sort(),
    );
  });

  test("many variables, each its own", async ({ expect }) => {
    await using driver = new SpawnerDriver();
    const environment = Array.from({ length: 2_000 }, (_, index) => `BASE_${index}=base`);
    driver.configure({ command: ["/usr/bin/env"], environment });
    const run = await driver.run({
      environment: Array.from({ length: 2_000 }, (_, index) => `BASE_${index + 1_000}=request`),
    });
    const lines = run.output[1].toString().trim().split("\n");
    expect(lines).toHaveLength(3_001);
    expect(lines.filter((line) => line.endsWith("=request"))).toHaveLength(2_000);
  });

  test("environment and arguments as bytes", async ({ expect }) => {
    await using driver = new SpawnerDriver();
    driver.configure({
      command: ["sh", "-c", 'printf %s "$1$BASE$OWN" | od -An -tx1', "sh", "\xff\x80"],
      environment: ["BASE=\xc3\x28"],
    });
    const run = await driver.run({ environment: ["OWN=\xfe\n="] });
    expect(run.output[1].toString().trim()).toBe("ff 80 c3 28 fe 0a 3d");
  });

  test("a program from PATH, the first that may run", async ({ expect }) => {
    await using driver = new SpawnerDriver();
    driver.configure({
      command: ["true"],
      environment: ["PATH=/nowhere:/etc/passwd::/usr/bin:/bin"],
    });
    expect((await driver.run()).exited).toMatchObject({ flags: FLAG_GONE, status: 0 });
  });

  test("death with its spawner", async ({ expect }) => {
    await using driver = startShell();
    const run = driver.start(script("echo up >&2; exec sleep 60"));
    await driver.until(() => run.output[2].length > 0, "it is up");
    driver.process.kill("SIGKILL");
    await driver.exit;
    await expect.poll(() => driver.processes()).toEqual([]);
  });

  test.skipIf(!isRoot && !process.env.CI)(
    "a dumpable process, from a spawner that is not",
    async ({ expect }) => {
      await using driver = new SpawnerDriver({ uid: 61_234 });
      driver.configure(SHELL);
      const run = await driver.run({
        environment: [
          `SCRIPT=stat -c %u /proc/self/fd /proc/${driver.pid}/fd; ls /proc/${driver.pid}/fd`,
        ],
      });
      expect(run.output[1].toString()).toBe("61234\n0\n");
      expect(run.output[2].toString()).toMatch(/Permission denied/);
    },
  );
});
