import { afterEach, beforeEach, describe, test, vi } from "vitest";
import { lendBlock } from "../../../src/core/blocks.ts";
import { giveBack } from "../../../src/core/give-back.ts";

const MIB = 1024 * 1024;
const held = () => process.memoryUsage().arrayBuffers / MIB;

describe("blocks", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.advanceTimersByTime(10_000);
    vi.useRealTimers();
  });

  test("are lent again instead of being made anew", ({ expect }) => {
    giveBack(lendBlock());
    const before = held();
    for (let count = 0; count < 100; count++) giveBack(lendBlock());
    expect(held() - before).toBeLessThan(2);
  });

  test("are freed when nobody has needed them for a while", ({ expect }) => {
    const before = held();
    const blocks = Array.from({ length: 50 }, lendBlock);
    blocks.forEach(giveBack);
    expect(held() - before).toBeGreaterThan(45);
    vi.advanceTimersByTime(10_000);
    expect(held() - before).toBeLessThan(5);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that are needed all the time stay while the others are freed", ({ expect }) => {
    const before = held();
    const lend = (count: number) => Array.from({ length: count }, lendBlock);
    lend(50).forEach(giveBack);
    for (let turn = 0; turn < 100; turn++) {
      lend(20).forEach(giveBack);
      vi.advanceTimersByTime(100);
    }
    expect(held() - before).toBeGreaterThan(15);
    expect(held() - before).toBeLessThan(25);
  });

  test("go back as a whole, whichever part of them is given back, and once", ({ expect }) => {
    const block = lendBlock();
    const part = block.subarray(0, 10);
    giveBack(part);
    giveBack(block);
    expect([part.length, block.length]).toEqual([0, 0]);
    const [one, other] = [lendBlock(), lendBlock()];
    one.fill(1);
    other.fill(2);
    expect(one[0]).toBe(1);
    [one, other].forEach(giveBack);
  });

  test("are no business of those who have as large a piece of their own", ({ expect }) => {
    const own = Buffer.alloc(MIB, "x");
    giveBack(own.subarray(0, 1000));
    expect(own.length).toBe(MIB);
  });
});
