import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, test } from "vitest";
import { compileFixture } from "../support/compile-fixture.ts";
import { SpawnerDriver } from "../support/spawner-driver.ts";
import { SIGNAL } from "../support/spawner-frames.ts";
import { isAlive, processState } from "../support/spawner-processes.ts";
import { describeSpawner, SHELL, script } from "../support/spawner-suite.ts";
import { until } from "../support/until.ts";

const folder = fileURLToPath(new URL("../../src/process/spawner/", import.meta.url));

/** The files of `run_spawner`, as the launcher takes them in. */
const sources = readdirSync(folder)
  .filter((name) => name.endsWith(".c") && name !== "main.c")
  .map((name) => folder + name);

let init: ReturnType<typeof compileFixture>;
beforeAll(() => {
  init = compileFixture("spawner-as-init", sources);
}, 60_000);
afterAll(() => init[Symbol.dispose]());

function start(node: string, before = ""): SpawnerDriver {
  const driver = new SpawnerDriver({
    command: ["sh", "-c", `${before} exec "$0" "$@"`, init.path, "sh", "-c", node],
  });
  driver.configure(SHELL);
  return driver;
}

const waits = "while :; do sleep 0.05; done";

describeSpawner("The spawner as init", () => {
  test("READY tells its own environment, bytes as they are", async ({ expect }) => {
    await using driver = start(waits, "export BYTES=$(printf '\\377\\n\\302');");
    const strings = (await driver.ready()).payload.toString("latin1").split("\0");
    expect(strings).toContain("BYTES=\xff\n\xc2");
    expect(strings).toContain(`PATH=${process.env.PATH}`);
    expect(strings.at(-1)).toBe("");
  });

  test("signals that it gets are frames for Node, and no signals to it", async ({ expect }) => {
    await using driver = start(
      "trap 'exit 9' HUP INT QUIT USR1 USR2 TERM; while :; do sleep 0.02; done",
    );
    await driver.ready();
    const signals = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGTERM"] as const;
    for (const signal of signals) driver.process.kill(signal);
    const told = () => driver.frames.filter(({ type }) => type === SIGNAL).map(({ b }) => b);
    await driver.until(() => told().length === signals.length, "all signals");
    expect(told().toSorted((a, b) => a - b)).toEqual([1, 2, 3, 10, 12, 15]);
    driver.process.kill("SIGTERM");
    await driver.until(() => told().length === signals.length + 1, "a second TERM");
    expect((await driver.run(script("echo on"))).output[1].toString()).toBe("on\n");
  });

  for (const [what, node, code] of [
    ["its exit code", "sleep 0.2; exit 7", 7],
    ["0", "sleep 0.2", 0],
    ["128 and the number of the signal that ended it", "sleep 0.2; kill -SEGV $$", 139],
    ["134 where it aborted", "sleep 0.2; kill -ABRT $$", 134],
  ] as const) {
    test(`when Node ends it ends with ${what}, and no process is left`, async ({ expect }) => {
      await using driver = start(node);
      for (let i = 0; i < 3; i++)
        driver.start(script("trap '' TERM; setsid sleep 60 & sleep 60 & sleep 60"));
      expect(await driver.exit).toEqual({ code, signal: null });
      const ended = code > 128 ? `spawner: Node was ended by signal ${code - 128}\n` : "";
      expect(driver.stderr).toBe(ended);
      await until("no process is left", () => driver.processes().length === 0);
    });
  }

  test("when Node closes the control socket it kills all processes and waits for Node's exit code", async ({
    expect,
  }) => {
    await using driver = start("sleep 0.5; exit 5");
    const run = driver.start(script("echo up >&2; sleep 60"));
    await driver.until(() => run.output[2].length > 0, "it is up");
    driver.closeSocket();
    await until("no process is left", () => driver.processes().length === 0);
    expect(await driver.exit).toEqual({ code: 5, signal: null });
  });

  test("a Node that closed the control socket and does not end is killed", async ({ expect }) => {
    await using driver = start("exec sleep 60");
    await driver.ready();
    driver.closeSocket();
    expect(await driver.exit).toEqual({ code: 137, signal: null });
  });

  test("what ran before it, and Node's own orphans, are left alone, and waited for", async ({
    expect,
  }) => {
    const before =
      "(sleep 61 2>/dev/null 3>&- 4>&- & echo SIDECAR=$!) >/tmp/sidecar.$$; SIDECAR=$(cat /tmp/sidecar.$$); rm /tmp/sidecar.$$; export $SIDECAR;";
    await using driver = start(waits, before);
    const strings = (await driver.ready()).payload.toString("latin1").split("\0");
    const sidecar = Number(strings.find((each) => each.startsWith("SIDECAR="))?.slice(8));
    await driver.run({ ...script("setsid sleep 60 >/dev/null 2>&1 & sleep 60"), deadlineMs: 100 });
    await driver.run(script("sleep 60 >/dev/null 2>&1 & true"));
    expect(isAlive(sidecar)).toBe(true);
    process.kill(sidecar, "SIGKILL");
    await until("it is waited for", () => processState(sidecar) === undefined);
  });
});
