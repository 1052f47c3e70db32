import { describe, test } from "vitest";
import { giveBack } from "../../../src/core/give-back.ts";

describe("giving memory back", () => {
  test("a large piece that is alone in its memory has none afterwards", ({ expect }) => {
    const piece = Buffer.allocUnsafeSlow(65536);
    giveBack(piece);
    expect(piece.length).toBe(0);
  });

  test("a piece of something bigger is left alone", ({ expect }) => {
    const whole = Buffer.alloc(200_000, "x");
    giveBack(whole.subarray(0, 100_000));
    expect(whole.toString()).toBe("x".repeat(200_000));
  });

  test("small pieces and shared memory are left alone", ({ expect }) => {
    const small = Buffer.alloc(100);
    const shared = new Uint8Array(new SharedArrayBuffer(65536));
    giveBack(small);
    giveBack(shared);
    expect([small.length, shared.length]).toEqual([100, 65536]);
  });

  test("giving back twice is once", ({ expect }) => {
    const piece = Buffer.allocUnsafeSlow(65536);
    giveBack(piece);
    giveBack(piece);
    expect(piece.length).toBe(0);
  });
});
