import { describe, onTestFinished, test, vi } from "vitest";
import type { Replica } from "../../../../src/gateway/invoke/replica.ts";
import { ReplicaSet } from "../../../../src/gateway/invoke/replica-set.ts";

const endpoint = (id: string, maxInflight?: number) => ({
  id,
  host: "127.0.0.1",
  port: 1,
  maxInflight,
});

function createSet(...ids: string[]) {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const set = new ReplicaSet();
  set.update(ids.map((id) => endpoint(id)));
  return set;
}

/** By their names, each once, in alphabetical order. */
function chosen(set: ReplicaSet, tried: readonly Replica[] = []): string {
  const names = new Set<string>();
  for (let count = 0; count < 200; count++) names.add(set.choose(tried)?.id ?? "none");
  return [...names].sort().join(" ");
}

function pick(set: ReplicaSet, id: string): Replica {
  for (;;) {
    const replica = set.choose();
    if (replica?.id === id) return replica;
  }
}

function fail(replica: Replica, verdict: "unreachable" | "failed", times = 1): void {
  for (let count = 0; count < times; count++) {
    replica.begin();
    replica.end(verdict);
  }
}

describe("the choice", () => {
  test("falls on each of them, and of two on the one with less to do", ({ expect }) => {
    const set = createSet("a", "b");
    expect(chosen(set)).toBe("a b");
    pick(set, "a").begin();
    expect(chosen(set)).toBe("b");
  });

  test("falls on no one that is the busiest of three", ({ expect }) => {
    const set = createSet("a", "b", "c");
    pick(set, "a").begin();
    expect(chosen(set)).toBe("b c");
  });

  test("falls on one that is full only where all are", ({ expect }) => {
    const set = createSet("a", "b", "c");
    set.update([endpoint("a", 1), endpoint("b", 1), endpoint("c", 1)]);
    for (const id of ["a", "b"]) pick(set, id).begin();
    expect(chosen(set)).toBe("c");
    pick(set, "c").begin();
    expect(chosen(set)).toBe("a b c");
  });

  test("falls on none that was tried", ({ expect }) => {
    const set = createSet("a", "b", "c");
    const tried = [pick(set, "a"), pick(set, "b")];
    expect(chosen(set, tried)).toBe("c");
    expect(chosen(set, [...tried, pick(set, "c")])).toBe("none");
  });
});

describe("an outlier", () => {
  test("that cannot be reached is left alone for a second, the next time for two", ({ expect }) => {
    const set = createSet("a", "b");
    const a = pick(set, "a");
    fail(a, "unreachable");
    expect(chosen(set)).toBe("b");
    vi.advanceTimersByTime(1_000);
    expect(chosen(set)).toBe("a b");
    fail(a, "failed");
    vi.advanceTimersByTime(1_999);
    expect(chosen(set)).toBe("b");
    vi.advanceTimersByTime(1);
    expect(chosen(set)).toBe("a b");
  });

  test("is one that has failed five times in a row, and not one that has succeeded between", ({
    expect,
  }) => {
    const set = createSet("a", "b");
    const a = pick(set, "a");
    fail(a, "failed", 4);
    a.begin();
    a.end("good");
    fail(a, "failed", 4);
    expect(chosen(set)).toBe("a b");
    fail(a, "failed");
    expect(chosen(set)).toBe("b");
  });

  test("is asked all the same where there is none but outliers", ({ expect }) => {
    const set = createSet("a", "b");
    fail(pick(set, "a"), "unreachable");
    fail(pick(set, "b"), "unreachable");
    expect(chosen(set)).toBe("a b");
  });

  test("stays one when its provider tells of others", ({ expect }) => {
    const set = createSet("a", "b");
    fail(pick(set, "a"), "unreachable");
    set.update([endpoint("a"), endpoint("c")]);
    expect(chosen(set)).toBe("c");
  });
});
