import type { Stats } from "node:fs";
import { describe, test } from "vitest";
import { Memory, type SmallFile } from "../../../../src/watchdog/static/memory.ts";
import { describeFile } from "../../../../src/watchdog/static/representation.ts";

const OLD = { mtimeMs: 1e12, ctimeMs: 1e12, size: 5, ino: 1, dev: 1 } as Stats;

function file(content: string, stats = OLD): SmallFile {
  const representation = describeFile({
    size: content.length,
    stats,
    isSettled: true,
    type: "text/plain",
    coding: undefined,
    isNegotiated: false,
    cacheControl: "no-cache",
  });
  return { stats, representation, content };
}

describe("a file in memory", () => {
  test("is recalled while it is the same", ({ expect }) => {
    const memory = new Memory();
    memory.keep("a", file("hello"));
    expect(memory.recall("a", { ...OLD } as Stats)?.content).toBe("hello");
    expect(memory.recall("b", OLD)).toBeUndefined();
  });

  test("is forgotten when it is another, or gone", ({ expect }) => {
    for (const stats of [{ ...OLD, ctimeMs: 2e12 } as Stats, undefined]) {
      const memory = new Memory();
      memory.keep("a", file("hello"));
      expect(memory.recall("a", stats)).toBeUndefined();
      expect(memory.has("a")).toBe(false);
    }
  });

  test("makes room for others when it was not asked for", ({ expect }) => {
    const memory = new Memory();
    memory.keep("asked for", file("x"));
    memory.keep("not asked for", file("x"));
    const content = "x".repeat(64 * 1024);
    for (let index = 0; index < 200; index++) {
      memory.keep(`${index}`, file(content));
      memory.recall("asked for", OLD);
    }
    expect(memory.has("asked for")).toBe(true);
    expect(memory.has("not asked for")).toBe(false);
    const kept = Array.from({ length: 200 }, (_, index) => memory.has(`${index}`)).filter(Boolean);
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.length).toBeLessThan(130);
  });
});
