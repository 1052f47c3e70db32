import { setImmediate as turn } from "node:timers/promises";
import { describe, test } from "vitest";
import {
  ALSO_GONE,
  EXEC_FAILED,
  EXITED,
  EXPIRED,
  GONE,
  OUT,
  SIGNAL,
  WARNING,
} from "../../../../src/process/spawner/frames.ts";
import { FakeSpawner, makeFrame } from "../../../support/fake-spawner.ts";
import { startRecorded } from "../../../support/recorded-run.ts";

const START = 2;
const KILL = 3;
const BILL = Buffer.alloc(40);
const whole = { body: new Uint8Array() };
const streamed = { body: undefined };

const exited = (id: number, flags: number, status: number, output = "") =>
  makeFrame(EXITED, { id, flags, b: status }, Buffer.concat([BILL, Buffer.from(output)]));

describe("what the spawner says", () => {
  test("one frame can be output, outcome and end of a run, in that order", async ({ expect }) => {
    const spawner = new FakeSpawner();
    const recorded = startRecorded(spawner.client, whole);
    spawner.says(exited(spawner.lastId, ALSO_GONE, 7 << 8, "held"));
    expect(recorded.events).toEqual(["output", "outcome", "gone"]);
    expect(await recorded.outcome).toEqual({ kind: "exited", exitCode: 7 });
    expect(recorded.output).toBe("held");
    expect(spawner.sentTypes).toEqual([START]);
  });

  test("a failed exec is its errno", async ({ expect }) => {
    const spawner = new FakeSpawner();
    const recorded = startRecorded(spawner.client, whole);
    const flags = EXEC_FAILED | ALSO_GONE;
    spawner.says(makeFrame(EXITED, { id: spawner.lastId, flags, a: 13 }, BILL));
    expect(await recorded.outcome).toEqual({ kind: "spawnFailed", errno: 13 });
    await recorded.gone();
  });

  test("output of descriptor 2 and of 1 are told apart, and an end without bytes is no output", async ({
    expect,
  }) => {
    const spawner = new FakeSpawner();
    const recorded = startRecorded(spawner.client, whole);
    const id = spawner.lastId;
    spawner.says(makeFrame(OUT, { id, a: 2 }, "err"), makeFrame(OUT, { id, a: 1 }, "out"));
    spawner.says(makeFrame(OUT, { id, a: 1, flags: 1 }), exited(id, ALSO_GONE, 0));
    expect([recorded.output, recorded.errorOutput]).toEqual(["out", "err"]);
    await recorded.gone();
  });

  test("bytes that are passed on outlive the read they came in", ({ expect }) => {
    const spawner = new FakeSpawner();
    const recorded = startRecorded(spawner.client, whole);
    const id = spawner.lastId;
    const read = Buffer.concat([makeFrame(OUT, { id, a: 1 }, "out"), exited(id, 0, 0, "held")]);
    spawner.receiver.onBytes(read);
    read.fill("!");
    expect(recorded.output).toBe("outheld");
  });

  test("frames about an old run meet nobody, though its slot is in use again", async ({
    expect,
  }) => {
    const spawner = new FakeSpawner();
    const first = startRecorded(spawner.client, whole);
    const oldId = spawner.lastId;
    spawner.says(exited(oldId, ALSO_GONE, 0));
    const second = startRecorded(spawner.client, whole);
    spawner.says(makeFrame(OUT, { id: oldId, a: 1 }, "late"), exited(oldId, ALSO_GONE, 9));
    await first.gone();
    expect(second.events).toEqual([]);
    spawner.says(exited(spawner.lastId, ALSO_GONE, 0));
    await second.gone();
  });

  test("a pipe end for a run that is over is closed", ({ expect }) => {
    const spawner = new FakeSpawner();
    let closed = 0;
    const handle = { close: () => closed++ };
    spawner.receiver.onHandle({ id: 4711, fd: 1 }, handle);
    expect(closed).toBe(1);
  });

  test("after the deadline nothing of the output is passed on, what is logged still is", async ({
    expect,
  }) => {
    const spawner = new FakeSpawner();
    const recorded = startRecorded(spawner.client, whole);
    const id = spawner.lastId;
    spawner.says(makeFrame(EXPIRED, { id }), makeFrame(OUT, { id, a: 1 }, "late"));
    spawner.says(makeFrame(OUT, { id, a: 2 }, "bye"), exited(id, 0, 15), makeFrame(GONE, { id }));
    expect(await recorded.outcome).toEqual({ kind: "timedOut" });
    await recorded.gone();
    expect([recorded.output, recorded.errorOutput]).toEqual(["", "bye"]);
  });

  test("an outcome waits for output that its receiver has paused, and so does the end", async ({
    expect,
  }) => {
    const spawner = new FakeSpawner();
    const recorded = startRecorded(spawner.client, whole);
    recorded.run.pauseOutput();
    spawner.says(exited(spawner.lastId, ALSO_GONE, 0, "held"));
    expect(recorded.events).toEqual([]);
    recorded.run.resumeOutput();
    expect(recorded.events).toEqual(["output", "outcome", "gone"]);
  });

  test("a run that is terminated while its receiver is paused is settled without what was held", async ({
    expect,
  }) => {
    const spawner = new FakeSpawner();
    const recorded = startRecorded(spawner.client, whole);
    recorded.run.pauseOutput();
    spawner.says(exited(spawner.lastId, ALSO_GONE, 0, "held"));
    recorded.run.terminate("aborted");
    expect(recorded.events).toEqual(["outcome", "gone"]);
    expect(await recorded.outcome).toEqual({ kind: "aborted" });
    expect(spawner.sentTypes).toEqual([START]);
  });

  test("the end of a run whose input pipe is still to come waits a turn for bad news of it", async ({
    expect,
  }) => {
    const spawner = new FakeSpawner();
    const lost = startRecorded(spawner.client, streamed);
    const lostId = spawner.lastId;
    const quick = startRecorded(spawner.client, streamed);
    spawner.says(exited(lostId, ALSO_GONE, 0), exited(spawner.lastId, ALSO_GONE, 0));
    spawner.receiver.onHandleLost({ id: lostId, fd: 0 });
    expect((await lost.outcome).kind).toBe("spawnFailed");
    expect(await quick.outcome).toEqual({ kind: "exited", exitCode: 0 });
    await Promise.all([lost.gone(), quick.gone()]);
  });

  test("warnings and signals are passed on, unknown ones ignored", ({ expect }) => {
    const signals: string[] = [];
    const spawner = new FakeSpawner({ onSignal: (signal) => signals.push(signal) });
    spawner.says(makeFrame(WARNING, {}, "no /proc"), makeFrame(SIGNAL, { b: 2 }));
    spawner.says(makeFrame(SIGNAL, { b: 99 }), makeFrame(77));
    expect([spawner.warnings, signals]).toEqual([["no /proc"], ["SIGINT"]]);
  });
});

describe("the spawner's end", () => {
  test("settles every run once, also one whose end was put off, and is told once", async ({
    expect,
  }) => {
    const spawner = new FakeSpawner();
    const runs = [whole, streamed, streamed].map((options) =>
      startRecorded(spawner.client, options),
    );
    spawner.says(exited(spawner.lastId, ALSO_GONE, 0));
    spawner.receiver.onEnded("SIGKILL");
    spawner.receiver.onEnded("its socket is closed");
    await turn();
    await turn();
    for (const run of runs) {
      expect(run.events.slice(-2)).toEqual(["outcome", "gone"]);
      await run.gone();
    }
    expect(spawner.lost).toEqual(["the spawner has ended: SIGKILL"]);
  });

  test("a frame that cannot be is the spawner's end", ({ expect }) => {
    const spawner = new FakeSpawner();
    spawner.says(Buffer.alloc(16));
    expect(spawner.lost).toEqual(["the spawner has ended: it sent a frame that cannot be"]);
  });

  test("closing kills every session at once and is not a loss", async ({ expect }) => {
    const spawner = new FakeSpawner();
    const recorded = startRecorded(spawner.client, whole);
    const closing = spawner.client.close();
    expect(spawner.sentTypes).toEqual([START, KILL]);
    expect(spawner.sent.at(-1)?.[9]).toBe(1);
    spawner.says(exited(spawner.lastId, ALSO_GONE, 9));
    await closing;
    spawner.receiver.onEnded("exit code 0");
    expect(await recorded.outcome).toEqual({ kind: "aborted" });
    expect(spawner.lost).toEqual([]);
  });
});
