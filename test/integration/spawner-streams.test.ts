import { test } from "vitest";
import { SpawnerDriver } from "../support/spawner-driver.ts";
import {
  BODY_COMPLETE,
  CLOSED,
  COMBINE,
  END,
  EXEC_FAILED,
  EXITED,
  FLAG_GONE,
  frame,
  GONE,
  HOLD,
  OUT,
  PASSED,
  WITH_FD3,
} from "../support/spawner-frames.ts";
import { describeSpawner, script, startShell } from "../support/spawner-suite.ts";

const types = (run: { frames: readonly { type: number }[] }) => run.frames.map(({ type }) => type);

describeSpawner("What goes in and out of a process", () => {
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
});
