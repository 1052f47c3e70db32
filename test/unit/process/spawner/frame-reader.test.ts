import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, test } from "vitest";
import { FrameReader } from "../../../../src/process/spawner/frame-reader.ts";
import { FRAME_LIMIT_BYTES, HEADER_BYTES } from "../../../../src/process/spawner/frames.ts";

function makeFrame(payload: Uint8Array): Buffer {
  const frame = Buffer.alloc(HEADER_BYTES + payload.length);
  frame.writeUInt32LE(frame.length, 0);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/** What a reader makes of bytes that come in these pieces. */
function readAll(pieces: readonly Buffer[]): Buffer[] {
  const frames: Buffer[] = [];
  const reader = new FrameReader((bytes, start, end) =>
    frames.push(Buffer.from(bytes.subarray(start, end))),
  );
  for (const piece of pieces) {
    reader.push(piece);
  }
  return frames;
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
  return [...places, bytes.length].map((end, index) =>
    bytes.subarray(index === 0 ? 0 : places[index - 1], end),
  );
}

describe("frames in what is read", () => {
  test("frames are the same wherever reads cut them", ({ expect }) => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(payloads, fc.array(fc.nat(), { maxLength: 20 }), (contents, cuts) => {
        const frames = contents.map(makeFrame);
        expect(readAll(cutAt(Buffer.concat(frames), cuts))).toEqual(frames);
      }),
    );
  });

  test("byte by byte a frame arrives once, when it is complete", ({ expect }) => {
    const frame = makeFrame(randomBytes(50));
    const bytes = Array.from(frame, (byte) => Buffer.from([byte]));
    expect(readAll(bytes.slice(0, -1))).toEqual([]);
    expect(readAll(bytes)).toEqual([frame]);
  });

  test("the largest frame passes", ({ expect }) => {
    const frame = makeFrame(Buffer.alloc(FRAME_LIMIT_BYTES - HEADER_BYTES));
    expect(readAll([frame.subarray(0, 70_000), frame.subarray(70_000)])).toEqual([frame]);
  });

  test("frames that one read brings whole are passed on without a copy", ({ expect }) => {
    const read = Buffer.concat([makeFrame(randomBytes(5)), makeFrame(randomBytes(6))]);
    const places: [Buffer, number, number][] = [];
    new FrameReader((...place) => places.push(place)).push(read);
    expect(places.map(([bytes]) => bytes === read)).toEqual([true, true]);
    expect(places.map(([, start, end]) => [start, end])).toEqual([
      [0, 21],
      [21, 43],
    ]);
  });

  test.for([0, 15, FRAME_LIMIT_BYTES + 1, 0xffff_ffff])(
    "a frame that says it is %i bytes long is no frame",
    (length, { expect }) => {
      const frame = makeFrame(Buffer.alloc(20));
      frame.writeUInt32LE(length, 0);
      const reader = new FrameReader(() => expect.unreachable());
      expect(reader.push(frame)).toBe(false);
    },
  );
});
