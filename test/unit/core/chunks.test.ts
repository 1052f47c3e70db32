import fc from "fast-check";
import { describe, test } from "vitest";
import { Chunks } from "../../../src/core/chunks.ts";

const toBytes = (chunks: Chunks) => Buffer.concat(chunks.toArray());

describe("Chunks", () => {
  test("gives back what was pushed, in order, whatever the sizes", ({ expect }) => {
    const sizes = fc.array(fc.oneof(fc.nat(20), fc.nat(10_000), fc.nat(100_000)));
    fc.assert(
      fc.property(sizes, fc.nat(), (lengths, seed) => {
        const chunks = new Chunks();
        const pushed = lengths.map((length, index) => Buffer.alloc(length, (seed + index) % 256));
        const whole = Buffer.concat(pushed);
        for (const [index, chunk] of pushed.entries()) {
          chunks.push(chunk);
          // Reading in between changes nothing.
          if (index % 3 === 0) chunks.toArray();
        }
        expect(chunks.size).toBe(whole.length);
        expect(toBytes(chunks).equals(whole)).toBe(true);
        expect(Buffer.from(chunks.head(512)).equals(whole.subarray(0, 512))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test("keeps the only chunk as it is", ({ expect }) => {
    const chunks = new Chunks();
    const only = Buffer.from("hello");
    chunks.push(only);
    expect(chunks.toArray()[0]).toBe(only);
  });

  test("gathers bytes that come one by one", ({ expect }) => {
    const chunks = new Chunks();
    for (let count = 0; count < 100_000; count++) chunks.push(Buffer.from("x"));
    expect(chunks.size).toBe(100_000);
    expect(chunks.toArray().length).toBeLessThan(5);
  });

  test("gives back the pieces of what has become much", ({ expect }) => {
    const chunks = new Chunks();
    const pieces = Array.from({ length: 100 }, (_, n) => Buffer.allocUnsafeSlow(50_000).fill(n));
    for (const piece of pieces) chunks.push(piece);
    expect(pieces.filter((piece) => piece.length === 0).length).toBeGreaterThan(90);
    const whole = toBytes(chunks);
    expect(whole.length).toBe(5_000_000);
    expect(whole.every((byte, index) => byte === Math.floor(index / 50_000))).toBe(true);
  });

  test("leaves nothing behind where all is taken or thrown away", ({ expect }) => {
    for (const total of [10, 100_000, 2_000_000]) {
      const chunks = new Chunks();
      for (let size = 0; size < total; size += 10) chunks.push(Buffer.alloc(10, "x"));
      expect(Buffer.concat(chunks.take()).length).toBe(total);
      expect([chunks.size, toBytes(chunks).length]).toEqual([0, 0]);
      const only = Buffer.allocUnsafeSlow(10_000);
      chunks.push(only);
      chunks.discard();
      expect([chunks.size, toBytes(chunks).length, only.length]).toEqual([0, 0, 0]);
    }
  });

  test("puts a piece in front of what is there", ({ expect }) => {
    const chunks = new Chunks();
    for (const text of ["b", "c", "d"]) chunks.push(Buffer.from(text));
    chunks.prepend(Buffer.from("a"));
    expect([toBytes(chunks).toString(), chunks.size]).toEqual(["abcd", 4]);
  });
});
