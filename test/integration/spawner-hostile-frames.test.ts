import fc from "fast-check";
import { test } from "vitest";
import { anyFrame } from "../support/spawner-any-frame.ts";
import { SpawnerDriver } from "../support/spawner-driver.ts";
import {
  CLOSED,
  CONFIG,
  configFrame,
  DEADLINE,
  EXITED,
  frame,
  KILL,
  READY,
  START,
  startFrame,
} from "../support/spawner-frames.ts";
import { describeSpawner, SHELL, script, startShell } from "../support/spawner-suite.ts";
import { until } from "../support/until.ts";

const configured = configFrame(SHELL);
const started = startFrame(0x10001, script("true"));

/** The same bytes with one of the header's numbers replaced. */
function withLength(bytes: Buffer, length: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(length, 0);
  return copy;
}

function withWord(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(value, at);
  return copy;
}

function withHalf(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt16LE(value, at);
  return copy;
}

const unended = (bytes: Buffer) => withLength(bytes.subarray(0, -1), bytes.length - 1);

const impossible: readonly [string, readonly Uint8Array[], RegExp][] = [
  ["a length of 0", [frame(KILL), withLength(frame(KILL), 0)], /shorter than its header/],
  ["a length of 15", [withLength(frame(KILL), 15)], /shorter than its header/],
  ["a length of 2 MiB and a byte", [withLength(frame(START), (2 << 20) + 1)], /longer than 2 MiB/],
  ["a length of 4 GiB", [withLength(frame(START), 0xffffffff)], /longer than 2 MiB/],
  ["type 0", [frame(0)], /unknown type/],
  ["an unknown type", [frame(6)], /unknown type/],
  ["a type of the spawner's own", [frame(READY)], /unknown type/],
  ["a KILL with a payload", [frame(KILL, {}, Buffer.alloc(1))], /payload/],
  ["a CLOSED with a payload", [frame(CLOSED, {}, Buffer.alloc(100))], /payload/],
  ["a DEADLINE with a payload", [frame(DEADLINE, {}, Buffer.alloc(16))], /payload/],
  ["a CONFIG without its numbers", [frame(CONFIG, { a: 1 }, Buffer.alloc(11))], /too short/],
  ["a CONFIG without a program", [configFrame({ command: [] })], /no program/],
  ["a CONFIG without a marker", [frame(CONFIG, { a: 1 }, Buffer.alloc(12))], /fewer strings/],
  ["a CONFIG with fewer arguments than it says", [withHalf(configured, 10, 5)], /fewer strings/],
  [
    "a CONFIG with fewer variables than it says",
    [withWord(configured, 12, 0xffffffff)],
    /fewer strings/,
  ],
  ["a CONFIG with more strings than it says", [withWord(configured, 12, 0)], /more strings/],
  ["a CONFIG whose last string has no end", [unended(configured)], /fewer strings/],
  ["a CONFIG with an unknown flag", [configFrame({ ...SHELL, flags: 128 })], /unknown flag/],
  ["a second CONFIG", [configured, configured], /twice/],
  ["a START before CONFIG", [started], /before CONFIG/],
  ["a START that is only a header", [configured, frame(START, { id: 1 })], /too short/],
  ["a START with an unknown flag", [configured, startFrame(1, { flags: 128 })], /unknown flag/],
  ["a START without an id", [configured, startFrame(0)], /no id/],
  ["a START with nine limits", [configured, withHalf(started, 10, 9)], /too many limits/],
  ["a START with 65535 limits", [configured, withHalf(started, 10, 65_535)], /too many limits/],
  [
    "a START with fewer limits than it says",
    [configured, frame(START, { id: 1, a: 8 }, Buffer.alloc(100))],
    /fewer limits/,
  ],
  [
    "a START whose environment is longer than it",
    [configured, withWord(started, 16, started.length)],
    /fewer bytes/,
  ],
  [
    "a START whose environment is 4 GiB",
    [configured, withWord(started, 16, 0xffffffff)],
    /fewer bytes/,
  ],
  [
    "a START whose last variable has no end",
    [configured, withWord(started, 16, started.length - 21)],
    /without an end/,
  ],
  [
    "a START with a body that is not complete",
    [configured, startFrame(1, { flags: 0, body: "x" })],
    /not complete/,
  ],
  [
    "a START with an id in use",
    [configured, startFrame(0x10001, script("sleep 60")), startFrame(0x10001)],
    /in use/,
  ],
  [
    "a START with a slot in use under another generation",
    [configured, startFrame(0x10001, script("sleep 60")), startFrame(0x20001)],
    /in use/,
  ],
];

describeSpawner("Frames that cannot be", () => {
  for (const [what, frames, why] of impossible) {
    test(`${what} ends the spawner with 70 and a line that says why`, async ({ expect }) => {
      await using driver = new SpawnerDriver();
      for (const each of frames) driver.write(each);
      expect(await driver.exit).toEqual({ code: 70, signal: null });
      expect(driver.stderr).toMatch(why);
      expect(driver.stderr.split("\n")).toHaveLength(2);
    });
  }

  test("one of them ends every session first, and what escaped from them", async ({ expect }) => {
    await using driver = startShell();
    for (let i = 0; i < 5; i++) {
      driver.start(
        script(
          "trap '' TERM; setsid sleep 60 & setsid setsid sleep 60 & echo up >&2; sleep 60; sleep 60",
        ),
      );
    }
    await driver.until(
      () => [...driver.runs.values()].every(({ output }) => output[2].length > 0),
      "all are up",
    );
    driver.write(frame(99));
    expect((await driver.exit).code).toBe(70);
    await until("no process is left", () => driver.processes().length === 0);
  });

  test("a frame that comes byte by byte is a frame", async ({ expect }) => {
    await using driver = new SpawnerDriver();
    const bytes = Buffer.concat([
      configFrame({ command: ["cat"] }),
      startFrame(7, { body: "slow" }),
    ]);
    for (const byte of bytes) {
      driver.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    await driver.until(() => driver.frames.some(({ type }) => type === EXITED), "EXITED");
    expect(driver.frames.at(-1)?.payload.subarray(40).toString()).toBe("slow");
  });

  test("frames cut anywhere, when Node ends there, end the spawner in peace", async ({
    expect,
  }) => {
    const bytes = Buffer.concat([
      configFrame({ command: ["cat"] }),
      startFrame(7, { body: "cut" }),
      frame(KILL, { id: 7 }),
    ]);
    for (let cut = 0; cut <= bytes.length; cut += 7) {
      await using driver = new SpawnerDriver();
      driver.write(bytes.subarray(0, cut));
      driver.endInput();
      expect(await driver.exit).toEqual({ code: 0, signal: null });
    }
  });

  test("whatever comes, the spawner answers, or ends with 70 and a reason, and never otherwise", async ({
    expect,
  }) => {
    const end = Date.now() + 3_000;
    await fc.assert(
      fc.asyncProperty(fc.array(anyFrame(), { minLength: 1, maxLength: 12 }), async (frames) => {
        await using driver = new SpawnerDriver();
        driver.write(Buffer.concat([configFrame({ command: ["true"] }), ...frames]));
        driver.endInput();
        const { code, signal } = await driver.exit;
        expect(signal).toBeNull();
        expect([0, 70]).toContain(code);
        expect(code === 70).toBe(/^spawner: .+\n$/.test(driver.stderr));
      }),
      {
        numRuns: 100_000,
        interruptAfterTimeLimit: end - Date.now(),
        markInterruptAsFailure: false,
      },
    );
  });
});
