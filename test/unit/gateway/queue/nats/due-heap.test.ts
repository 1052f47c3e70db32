import fc from "fast-check";
import { describe, test } from "vitest";
import { DueHeap } from "../../../../../src/gateway/queue/nats/due-heap.ts";

const items = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean()), { maxLength: 600 });

describe("a heap of what is due", () => {
  test("gives what is current by time and then by order, whatever was put in when", ({
    expect,
  }) => {
    fc.assert(
      fc.property(items, (given) => {
        const heap = new DueHeap<number>((index) => given[index]?.[1] === true);
        for (const [index, [at]] of given.entries()) heap.push(at, index, index);
        const taken: number[] = [];
        for (;;) {
          const index = heap.takeUntil(20);
          if (index === undefined) break;
          taken.push(index);
        }
        const current = [...given.keys()].filter((index) => given[index]?.[1]);
        const timeOf = (index: number) => given[index]?.[0] ?? 0;
        expect(taken).toEqual(current.sort((a, b) => timeOf(a) - timeOf(b) || a - b));
      }),
    );
  });

  test("gives nothing that is not due yet, and keeps it", ({ expect }) => {
    const heap = new DueHeap<string>(() => true);
    heap.push(10, 1, "a");
    expect([heap.takeUntil(9), heap.first()?.at, heap.takeUntil(10)]).toEqual([undefined, 10, "a"]);
    expect(heap.takeUntil(10)).toBeUndefined();
  });

  test("drops what is not current when there is much of it", ({ expect }) => {
    let asked = 0;
    const heap = new DueHeap<number>((value) => {
      asked++;
      return value === 9_999;
    });
    for (let value = 0; value < 10_000; value++) heap.push(value, value, value);
    expect(asked).toBeLessThan(30_000);
    asked = 0;
    expect([heap.first()?.value, asked < 300]).toEqual([9_999, true]);
  });
});
