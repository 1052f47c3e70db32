import { describe, test } from "vitest";
import type { ProcessesOptions, RunOptions } from "../../../../src/process/run.ts";
import {
  decodeBill,
  encodeClosed,
  encodeConfig,
  encodeKill,
  encodeStart,
  FRAME_LIMIT_BYTES,
  HELD_OUTPUT_OFFSET,
  KILL_NOW,
} from "../../../../src/process/spawner/frames.ts";

const SETTINGS: ProcessesOptions = {
  command: ["cat", "-"],
  baseEnvironment: ["A=1", "B=\xff", "C="],
  termGraceMs: 1500,
  daemons: "kill",
};

const RUN: RunOptions = {
  environment: "X=\xfe\0",
  body: Buffer.from("hello"),
  deadlineMs: 30_000,
  combineOutput: false,
  holdOutput: false,
};

const readHeader = (frame: Buffer) => ({
  length: frame.readUInt32LE(0),
  id: frame.readUInt32LE(4),
  type: frame[8],
  flags: frame[9],
  a: frame.readUInt16LE(10),
  b: frame.readUInt32LE(12),
});

const start = (options: Partial<RunOptions>): Buffer =>
  encodeStart(0xffff_0001, { ...RUN, ...options }) ?? Buffer.alloc(16);

describe("frames to the spawner", () => {
  test("CONFIG has grace, pipe size, OOM score, marker, arguments and variables, as bytes", ({
    expect,
  }) => {
    const frame = encodeConfig({ ...SETTINGS, oomScore: -7 }, "BREEZE_SESSION=1x2", 4096);
    expect(readHeader(frame)).toEqual({ length: 64, id: 0, type: 1, flags: 0, a: 2, b: 3 });
    expect(frame.length).toBe(64);
    expect([frame.readUInt32LE(16), frame.readUInt32LE(20)]).toEqual([1500, 4096]);
    expect(frame.readInt32LE(24)).toBe(-7);
    expect(frame.toString("latin1", 28)).toBe("BREEZE_SESSION=1x2\0cat\0-\0A=1\0B=\xff\0C=\0");
  });

  test("CONFIG says when daemons are kept", ({ expect }) => {
    expect(encodeConfig({ ...SETTINGS, daemons: "keep" }, "M", 0)[9]).toBe(1);
  });

  test("CONFIG says when each run gets a control group", ({ expect }) => {
    expect(encodeConfig({ ...SETTINGS, cgroups: "on" }, "M", 0)[9]).toBe(2);
    expect(encodeConfig({ ...SETTINGS, cgroups: "on", daemons: "keep" }, "M", 0)[9]).toBe(3);
    expect(encodeConfig({ ...SETTINGS, cgroups: "off" }, "M", 0)[9]).toBe(0);
  });

  test("START has variables as bytes, and the body behind them", ({ expect }) => {
    const frame = start({});
    expect(readHeader(frame)).toEqual({
      length: 29,
      id: 0xffff_0001,
      type: 2,
      flags: 1,
      a: 0,
      b: 30_000,
    });
    expect(frame.readUInt32LE(16)).toBe(4);
    expect(frame.toString("latin1", 20)).toBe("X=\xfe\0hello");
  });

  test("START says what is special about a run in its flags", ({ expect }) => {
    expect(start({ body: undefined })[9]).toBe(0);
    expect(start({ body: undefined }).length).toBe(24);
    expect(start({ combineOutput: true })[9]).toBe(1 | 2);
    expect(start({ holdOutput: true })[9]).toBe(1 | 4);
    expect(start({ holdOutput: "briefly" })[9]).toBe(1 | 4 | 16);
    expect(start({ controlDescriptor: true })[9]).toBe(1 | 8);
  });

  test("START has limits of 64 bits between the sizes and the variables", ({ expect }) => {
    const frame = start({ limits: [{ resource: 7, soft: 5n, hard: 0xffff_ffff_ffff_ffffn }] });
    expect(frame.readUInt16LE(10)).toBe(1);
    expect(frame.readUInt32LE(16)).toBe(4);
    expect([frame.readUInt32LE(20), frame.readUInt32LE(24)]).toEqual([7, 0]);
    expect([frame.readBigUInt64LE(28), frame.readBigUInt64LE(36)]).toEqual([5n, 2n ** 64n - 1n]);
    expect(frame.toString("latin1", 44)).toBe("X=\xfe\0hello");
  });

  test("a deadline is whole milliseconds, never none because it is short, never more than fits", ({
    expect,
  }) => {
    const deadlines = [0, 0.2, 1.5, 1e12].map((deadlineMs) => start({ deadlineMs }));
    expect(deadlines.map((frame) => frame.readUInt32LE(12))).toEqual([0, 1, 2, 0xffff_ffff]);
  });

  test("a START that no frame holds is none, and the largest is one", ({ expect }) => {
    const fits = "x".repeat(FRAME_LIMIT_BYTES - 20 - 5);
    expect(encodeStart(1, { ...RUN, environment: fits })?.length).toBe(FRAME_LIMIT_BYTES);
    expect(encodeStart(1, { ...RUN, environment: `${fits}x` })).toBeUndefined();
  });

  test("KILL and CLOSED are headers", ({ expect }) => {
    const header = { length: 16, id: 9, a: 0, b: 0 };
    expect(readHeader(encodeKill(9, KILL_NOW))).toEqual({ ...header, type: 3, flags: 1 });
    expect(readHeader(encodeClosed(9, 1))).toEqual({ ...header, type: 4, flags: 0, a: 1 });
  });
});

describe("the bill in EXITED", () => {
  test("it is read where the frame lies, beyond 32 bits too", ({ expect }) => {
    const bytes = Buffer.alloc(3 + HELD_OUTPUT_OFFSET);
    bytes.writeUInt32LE(42, 3 + 16);
    bytes.writeUInt32LE(992, 3 + 20);
    bytes.writeUInt32LE(150, 3 + 24);
    bytes.writeBigUInt64LE(700n, 3 + 32);
    bytes.writeBigUInt64LE(300n, 3 + 40);
    bytes.writeBigUInt64LE(5_000_000_000n, 3 + 48);
    expect(decodeBill(bytes, 3)).toEqual({
      pid: 42,
      maxRssKiB: 992,
      startMicros: 150,
      userMicros: 700,
      systemMicros: 300,
      wallMicros: 5_000_000_000,
    });
  });
});
