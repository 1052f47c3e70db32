/** The spawner's frames as bytes, independent of the client's own reading and writing of them. */

export const CONFIG = 1;
export const START = 2;
export const KILL = 3;
export const CLOSED = 4;
export const DEADLINE = 5;
export const READY = 16;
export const OUT = 17;
export const PASSED = 18;
export const EXPIRED = 19;
export const EXITED = 20;
export const GONE = 21;
export const SIGNAL = 22;
export const WARNING = 23;
export const SPLICED = 24;

export const KEEP_DAEMONS = 1;
export const CGROUPS = 2;
export const BODY_COMPLETE = 1;
export const COMBINE = 2;
export const HOLD = 4;
export const WITH_FD3 = 8;
export const BRIEFLY = 16;
export const NOW = 1;
export const END = 1;
export const EXEC_FAILED = 1;
export const FLAG_GONE = 2;

const HEADER_SIZE = 16;
const BILL_SIZE = 40;

export interface Frame {
  readonly id: number;
  readonly type: number;
  readonly flags: number;
  readonly a: number;
  readonly b: number;
  readonly payload: Buffer;
}

export function frame(
  type: number,
  head: { id?: number; flags?: number; a?: number; b?: number } = {},
  payload: Uint8Array = Buffer.alloc(0),
): Buffer {
  const bytes = Buffer.alloc(HEADER_SIZE + payload.length);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt32LE(head.id ?? 0, 4);
  bytes.writeUInt8(type, 8);
  bytes.writeUInt8(head.flags ?? 0, 9);
  bytes.writeUInt16LE(head.a ?? 0, 10);
  bytes.writeUInt32LE(head.b ?? 0, 12);
  bytes.set(payload, HEADER_SIZE);
  return bytes;
}

export interface ConfigFields {
  readonly command: readonly string[];
  readonly environment?: readonly string[];
  readonly marker?: string;
  readonly graceMs?: number;
  readonly passedPipeSize?: number;
  readonly oomScore?: number;
  readonly flags?: number;
}

export function configFrame(fields: ConfigFields): Buffer {
  const environment = fields.environment ?? ["PATH=/usr/local/bin:/usr/bin:/bin"];
  const strings = [fields.marker ?? "BREEZE_SESSION=test", ...fields.command, ...environment];
  const text = Buffer.from(strings.map((string) => `${string}\0`).join(""), "latin1");
  const payload = Buffer.alloc(12 + text.length);
  payload.writeUInt32LE(fields.graceMs ?? 500, 0);
  payload.writeUInt32LE(fields.passedPipeSize ?? 0, 4);
  payload.writeInt32LE(fields.oomScore ?? 0, 8);
  payload.set(text, 12);
  const head = { flags: fields.flags ?? 0, a: fields.command.length, b: environment.length };
  return frame(CONFIG, head, payload);
}

export interface StartFields {
  readonly flags?: number;
  readonly deadlineMs?: number;
  readonly environment?: readonly string[];
  readonly limits?: readonly { resource: number; soft: bigint; hard: bigint }[];
  readonly body?: Uint8Array | string;
}

export function startFrame(id: number, fields: StartFields = {}): Buffer {
  const variables = Buffer.from(
    (fields.environment ?? []).map((string) => `${string}\0`).join(""),
    "latin1",
  );
  const limits = fields.limits ?? [];
  const head = Buffer.alloc(4 + 24 * limits.length);
  head.writeUInt32LE(variables.length, 0);
  limits.forEach((limit, index) => {
    head.writeUInt32LE(limit.resource, 4 + 24 * index);
    head.writeBigUInt64LE(limit.soft, 4 + 24 * index + 8);
    head.writeBigUInt64LE(limit.hard, 4 + 24 * index + 16);
  });
  const payload = Buffer.concat([head, variables, Buffer.from(fields.body ?? "")]);
  const flags = fields.flags ?? BODY_COMPLETE | HOLD;
  return frame(START, { id, flags, a: limits.length, b: fields.deadlineMs ?? 0 }, payload);
}

export interface Exited {
  readonly flags: number;
  readonly errno: number;
  readonly status: number;
  readonly pid: number;
  readonly maxRssKiB: number;
  readonly startMicros: number;
  readonly userMicros: number;
  readonly systemMicros: number;
  readonly wallMicros: number;
  readonly held: Buffer;
}

export function readExited({ flags, a, b, payload }: Frame): Exited {
  return {
    flags,
    errno: a,
    status: b,
    pid: payload.readUInt32LE(0),
    maxRssKiB: payload.readUInt32LE(4),
    startMicros: payload.readUInt32LE(8),
    userMicros: Number(payload.readBigUInt64LE(16)),
    systemMicros: Number(payload.readBigUInt64LE(24)),
    wallMicros: Number(payload.readBigUInt64LE(32)),
    held: payload.subarray(BILL_SIZE),
  };
}

/** Takes whole frames off the front; gives them and what is left. */
export function readFrames(bytes: Buffer): { frames: Frame[]; rest: Buffer } {
  const frames: Frame[] = [];
  let at = 0;
  while (bytes.length - at >= HEADER_SIZE) {
    const length = bytes.readUInt32LE(at);
    if (length < HEADER_SIZE || length > 2 << 20) throw new Error(`a frame of ${length} bytes`);
    if (bytes.length - at < length) break;
    frames.push({
      id: bytes.readUInt32LE(at + 4),
      type: bytes.readUInt8(at + 8),
      flags: bytes.readUInt8(at + 9),
      a: bytes.readUInt16LE(at + 10),
      b: bytes.readUInt32LE(at + 12),
      payload: Buffer.from(bytes.subarray(at + HEADER_SIZE, at + length)),
    });
    at += length;
  }
  return { frames, rest: bytes.subarray(at) };
}
