import fc from "fast-check";
import { describe, test } from "vitest";
import { FairQueue } from "../../../src/watchdog/fair-queue.ts";

/** Names such as `a1`: the caller, and which of its items it is. */
function fill(...items: readonly string[]): FairQueue<string> {
  const queue = new FairQueue<string>();
  for (const item of items) queue.add(item, item[0] as string);
  return queue;
}

const takeAll = (queue: FairQueue<string>) =>
  Array.from({ length: queue.size }, () => queue.shift());

describe("a fair queue", () => {
  test("serves callers in turn, and each of them in order", ({ expect }) => {
    const queue = fill("a1", "a2", "a3", "b1", "c1", "c2");
    expect(takeAll(queue)).toEqual(["a1", "b1", "c1", "a2", "c2", "a3"]);
    expect([queue.size, queue.shift()]).toEqual([0, undefined]);
  });

  test("gives whoever comes back its turn behind all who wait", ({ expect }) => {
    const queue = fill("a1", "a2", "b1");
    expect(queue.shift()).toBe("a1");
    queue.add("c1", "c");
    expect(queue.shift()).toBe("b1");
    queue.add("b2", "b");
    expect(takeAll(queue)).toEqual(["a2", "c1", "b2"]);
  });

  test("forgets who leaves, wherever it stands, and nobody else", ({ expect }) => {
    const queue = fill("a1", "a2", "a3", "b1");
    queue.remove("a2", "a");
    queue.remove("b1", "b");
    queue.remove("b1", "b");
    queue.remove("a1", "z");
    expect(queue.size).toBe(2);
    expect(takeAll(queue)).toEqual(["a1", "a3"]);
  });

  test("makes room with the newest of the caller with the most", ({ expect }) => {
    const queue = fill("a1", "b1", "b2", "b3", "c1");
    expect(queue.makeRoomFor("z")).toBe("b3");
    expect(queue.makeRoomFor("z")).toBe("b2");
    expect(takeAll(queue)).toEqual(["a1", "b1", "c1"]);
  });

  test("makes no room where the two would only push each other out", ({ expect }) => {
    const queue = fill("a1", "b1", "b2");
    expect(queue.makeRoomFor("a")).toBeUndefined();
    expect(queue.makeRoomFor("b")).toBeUndefined();
    expect(fill("a1").makeRoomFor("z")).toBeUndefined();
    expect(new FairQueue().makeRoomFor("z")).toBeUndefined();
    expect(queue.size).toBe(3);
  });

  test("gives back all of it once", ({ expect }) => {
    const queue = fill("a1", "b1", "a2");
    expect(queue.clear().sort()).toEqual(["a1", "a2", "b1"]);
    expect([queue.size, queue.shift(), queue.clear()]).toEqual([0, undefined, []]);
  });

  test("serves no caller twice while another one waits", ({ expect }) => {
    const callers = fc.constantFrom("a", "b", "c", "d");
    fc.assert(
      fc.property(fc.array(fc.option(callers), { maxLength: 200 }), (steps) => {
        const queue = new FairQueue<{ readonly caller: string }>();
        const waiting = new Map<string, number>();
        /** For each who waits: whom it has let pass since it came, or was served itself. */
        const passed = new Map<string, string[]>();
        for (const caller of steps) {
          if (caller !== null) {
            queue.add({ caller }, caller);
            if (!waiting.get(caller)) passed.set(caller, []);
            waiting.set(caller, (waiting.get(caller) ?? 0) + 1);
            continue;
          }
          const served = queue.shift()?.caller;
          if (served === undefined) continue;
          const left = (waiting.get(served) ?? 0) - 1;
          waiting.set(served, left);
          if (left > 0) passed.set(served, []);
          else passed.delete(served);
          for (const [other, others] of passed) {
            if (other === served) continue;
            expect(others).not.toContain(served);
            others.push(served);
          }
        }
      }),
    );
  });
});
