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
        for (const [index, chunk] of pushed.entries()) {
          chunks.push(chunk);
          // Reading in between changes nothing.
          if (index % 3 === 0) chunks.toArray();
        }
        const whole = Buffer.concat(pushed);
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
});
