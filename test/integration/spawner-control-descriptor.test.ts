import { readFileSync } from "node:fs";
import { test } from "vitest";
import type { SpawnerDriver } from "../support/spawner-driver.ts";
import {
  BODY_COMPLETE,
  BRIEFLY,
  END,
  EXITED,
  HOLD,
  OUT,
  PASSED,
  WITH_FD3,
} from "../support/spawner-frames.ts";
import type { RunRecord } from "../support/spawner-run.ts";
import { describeSpawner, script, startShell } from "../support/spawner-suite.ts";
import { until } from "../support/until.ts";

const HELD = BODY_COMPLETE | HOLD | WITH_FD3;
const AT_ONCE = BODY_COMPLETE | WITH_FD3;
const HELD_BRIEFLY = HELD | BRIEFLY;

/** What a run said, in order: `1` and `3` for output, `exited`; the same again is not repeated. */
function order(run: RunRecord): string[] {
  const names = run.frames.map(({ type, a }) => (type === OUT ? String(a) : nameOf(type)));
  return names.filter((name, index) => name !== names[index - 1]);
}

const nameOf = (type: number) => ({ [EXITED]: "exited", [PASSED]: "passed" })[type] ?? "other";

/** Makes Node's side so slow that nothing more can be said to it. */
async function blockTheSocket(driver: SpawnerDriver): Promise<void> {
  driver.stopReading();
  driver.start({ ...script("head -c 3000000 /dev/zero >&2"), flags: BODY_COMPLETE });
  let before = -1;
  // It writes until neither socket nor spawner takes any more.
  await until("the flood stands", async () => {
    const now = bytesWritten(driver);
    const stands = now > 0 && now === before;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return stands;
  });
}

function bytesWritten(driver: SpawnerDriver): number {
  const counts = driver
    .processes()
    .map((pid) => /^wchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, "latin1"))?.[1]);
  return Math.max(0, ...counts.map(Number));
}

describeSpawner("Descriptor 3", () => {
  for (const [name, flags] of Object.entries({ HELD, HELD_BRIEFLY, AT_ONCE })) {
    test(`comes before what is written to stdout after it, and before the exit: ${name}`, async ({
      expect,
    }) => {
      await using driver = startShell();
      for (let round = 0; round < 50; round++) {
        const run = await driver.run({ ...script("echo head >&3; echo out"), flags });
        expect(order(run)[0]).toBe("3");
        expect(order(run).filter((each) => each === "3")).toHaveLength(1);
        expect([run.output[3].toString(), run.output[1].toString()]).toEqual(["head\n", "out\n"]);
      }
    });
  }

  test("comes first, too, when Node has long read nothing", async ({ expect }) => {
    await using driver = startShell();
    await blockTheSocket(driver);
    const runs = [AT_ONCE, HELD_BRIEFLY, HELD].map((flags) =>
      driver.start({
        ...script("echo head >&3; echo out; sleep 300 </dev/null >/dev/null 2>&1 3>&1 &"),
        flags,
      }),
    );
    // What they leave behind is all that lives of them.
    await until("they have ended", () => driver.processes().length >= 3);
    await new Promise((resolve) => setTimeout(resolve, 200));
    driver.readAgain();
    for (const run of runs) {
      await driver.gone(run);
      expect(order(run)[0]).toBe("3");
      expect(run.output[3].toString()).toBe("head\n");
    }
  });

  test("of a big output comes before its first frame", async ({ expect }) => {
    await using driver = startShell();
    const run = driver.start({
      ...script("head -c 60000 /dev/zero >&3; head -c 3000000 /dev/zero"),
      flags: AT_ONCE,
    });
    await driver.until(() => run.passed && run.handles.has(1), "stdout's pipe");
    expect(order(run)).toEqual(["3", "1", "passed"]);
    expect(run.output[3]).toHaveLength(60_000);
    driver.kill(run, 1);
    await driver.gone(run);
  });

  test("that somebody else holds open keeps no exit back", async ({ expect }) => {
    await using driver = startShell();
    const run = driver.start({
      ...script("echo head >&3; echo out; sleep 300 </dev/null >/dev/null 2>&1 &"),
      flags: HELD,
    });
    await driver.until(() => run.exited !== undefined, "EXITED");
    expect(run.output[3].toString()).toBe("head\n");
    await driver.gone(run);
  });
});

describeSpawner("Output that is held briefly", () => {
  test("comes with the exit where that follows at once", async ({ expect }) => {
    await using driver = startShell();
    let together = 0;
    for (let round = 0; round < 100; round++) {
      const run = await driver.run({ ...script("echo out"), flags: HELD_BRIEFLY });
      expect(run.output[1].toString()).toBe("out\n");
      if (run.frames.length === 1) together += 1;
    }
    // On a busy machine some take longer.
    expect(together).toBeGreaterThan(0);
  });

  test("comes before the exit where that is late, and what follows comes at once", async ({
    expect,
  }) => {
    await using driver = startShell();
    const flags = HOLD | BRIEFLY;
    const run = driver.start({ ...script("echo first; read line; echo $line; cat"), flags });
    await driver.until(() => run.output[1].toString() === "first\n", "the first line");
    await driver.until(() => run.handles.has(0), "stdin's pipe");
    run.handles.get(0)?.write("second\n");
    await driver.until(() => run.output[1].toString() === "first\nsecond\n", "the second line");
    expect(run.exited).toBeUndefined();
    run.handles.get(0)?.end();
    await driver.gone(run);
    expect(run.exited?.held).toHaveLength(0);
  });

  test("comes with its end where stdout ends before the process", async () => {
    await using driver = startShell();
    const flags = HOLD | BRIEFLY;
    const run = driver.start({ ...script("echo bye; exec >&-; cat >/dev/null"), flags });
    await driver.until(() => run.output[1].toString() === "bye\n", "the output");
    await driver.until(
      () => run.frames.some(({ type, flags: said }) => type === OUT && said === END),
      "END",
    );
    await driver.until(() => run.handles.has(0), "stdin's pipe");
    run.handles.get(0)?.end();
    await driver.gone(run);
  });

  test("is nobody's once its run is ended", async ({ expect }) => {
    await using driver = startShell();
    const run = driver.start({ ...script("echo out; sleep 300"), flags: HELD_BRIEFLY });
    driver.kill(run);
    await driver.gone(run);
    const next = await driver.run({ ...script("sleep 0.01; echo next"), flags: HELD_BRIEFLY });
    expect(next.output[1].toString()).toBe("next\n");
  });
});
