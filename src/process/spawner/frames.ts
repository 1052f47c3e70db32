import type { Bill } from "../outcome.ts";
import type { ProcessesOptions, ResourceLimit, RunOptions } from "../run.ts";

/** The frames between Node and the spawner. `src/README.md` defines them; `frames.h` is the other side. */
export const PROTOCOL_VERSION = 3;
export const HEADER_BYTES = 16;
/** A frame longer than this ends the spawner. */
export const FRAME_LIMIT_BYTES = 2 * 1024 * 1024;

const CONFIG = 1;
const START = 2;
const KILL = 3;
const CLOSED = 4;

export const READY = 16;
export const OUT = 17;
export const PASSED = 18;
export const EXPIRED = 19;
export const EXITED = 20;
export const GONE = 21;
export const SIGNAL = 22;
export const WARNING = 23;
export const SPLICED = 24;

const KEEP_DAEMONS = 1;
const CGROUPS = 2;
const BODY_COMPLETE = 1;
const COMBINE = 2;
const HOLD = 4;
const WITH_FD3 = 8;
const BRIEFLY = 16;
export const KILL_NOW = 1;
export const EXEC_FAILED = 1;
export const ALSO_GONE = 2;

const CONFIG_STRINGS_OFFSET = HEADER_BYTES + 12;
const LIMIT_BYTES = 24;
const BILL_BYTES = 40;
/** Where the held output begins in `EXITED`. */
export const HELD_OUTPUT_OFFSET = HEADER_BYTES + BILL_BYTES;

export function encodeConfig(
  settings: ProcessesOptions,
  marker: string,
  passedPipeBytes: number,
): Buffer {
  const { command, baseEnvironment, oomScore = 0 } = settings;
  const strings = [marker, ...command, ...baseEnvironment].map((text) => `${text}\0`).join("");
  const frame = Buffer.allocUnsafe(CONFIG_STRINGS_OFFSET + strings.length);
  const flags =
    (settings.daemons === "keep" ? KEEP_DAEMONS : 0) | (settings.cgroups === "on" ? CGROUPS : 0);
  writeHeader(frame, 0, CONFIG, flags, command.length, baseEnvironment.length);
  frame.writeUInt32LE(settings.termGraceMs, HEADER_BYTES);
  frame.writeUInt32LE(passedPipeBytes, HEADER_BYTES + 4);
  frame.writeInt32LE(oomScore, HEADER_BYTES + 8);
  frame.write(strings, CONFIG_STRINGS_OFFSET, "latin1");
  return frame;
}

/** `undefined`: more than a frame holds, and more than any process could be given. */
export function encodeStart(id: number, options: RunOptions): Buffer | undefined {
  const { environment, body, limits } = options;
  const limitCount = limits === undefined ? 0 : limits.length;
  const environmentOffset = HEADER_BYTES + 4 + limitCount * LIMIT_BYTES;
  const bodyOffset = environmentOffset + environment.length;
  const length = bodyOffset + (body === undefined ? 0 : body.length);
  if (length > FRAME_LIMIT_BYTES) {
    return undefined;
  }
  const frame = Buffer.allocUnsafe(length);
  writeHeader(frame, id, START, startFlags(options), limitCount, toDeadline(options.deadlineMs));
  frame.writeUInt32LE(environment.length, HEADER_BYTES);
  if (limits !== undefined) {
    writeLimits(frame, limits);
  }
  frame.write(environment, environmentOffset, "latin1");
  if (body !== undefined) {
    frame.set(body, bodyOffset);
  }
  return frame;
}

function startFlags({ body, combineOutput, holdOutput, controlDescriptor }: RunOptions): number {
  return (
    (body === undefined ? 0 : BODY_COMPLETE) |
    (combineOutput ? COMBINE : 0) |
    (holdOutput ? HOLD : 0) |
    (holdOutput === "briefly" ? BRIEFLY : 0) |
    (controlDescriptor === true ? WITH_FD3 : 0)
  );
}

export const encodeKill = (id: number, flags: number): Buffer => encodeHeader(id, KILL, flags, 0);

export const encodeClosed = (id: number, descriptor: number): Buffer =>
  encodeHeader(id, CLOSED, 0, descriptor);

/** Reads the bill of an `EXITED` frame that begins at `start`. */
export function decodeBill(bytes: Buffer, start: number): Bill {
  const offset = start + HEADER_BYTES;
  return {
    pid: bytes.readUInt32LE(offset),
    maxRssKiB: bytes.readUInt32LE(offset + 4),
    startMicros: bytes.readUInt32LE(offset + 8),
    userMicros: readMicros(bytes, offset + 16),
    systemMicros: readMicros(bytes, offset + 24),
    wallMicros: readMicros(bytes, offset + 32),
  };
}

function encodeHeader(id: number, type: number, flags: number, a: number): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES);
  writeHeader(frame, id, type, flags, a, 0);
  return frame;
}

function writeHeader(
  frame: Buffer,
  id: number,
  type: number,
  flags: number,
  a: number,
  b: number,
): void {
  frame.writeUInt32LE(frame.length, 0);
  frame.writeUInt32LE(id, 4);
  frame[8] = type;
  frame[9] = flags;
  frame.writeUInt16LE(a, 10);
  frame.writeUInt32LE(b, 12);
}

function writeLimits(frame: Buffer, limits: readonly ResourceLimit[]): void {
  let offset = HEADER_BYTES + 4;
  for (const { resource, soft, hard } of limits) {
    frame.writeUInt32LE(resource, offset);
    frame.writeUInt32LE(0, offset + 4);
    frame.writeBigUInt64LE(soft, offset + 8);
    frame.writeBigUInt64LE(hard, offset + 16);
    offset += LIMIT_BYTES;
  }
}

/** Whole milliseconds that fit; a deadline of less than one is not none. */
const toDeadline = (milliseconds: number): number => Math.min(Math.ceil(milliseconds), 0xffff_ffff);

/** Exact beyond 32 bits, without a BigInt for every bill. */
const readMicros = (bytes: Buffer, offset: number): number =>
  bytes.readUInt32LE(offset) + bytes.readUInt32LE(offset + 4) * 0x1_0000_0000;
