import { describe, test } from "vitest";
import { RunTable } from "../../../../src/process/spawner/run-table.ts";

function addRun(table: RunTable<{ id: number }>): { id: number } {
  const id = table.nextId();
  if (id === undefined) {
    throw new Error("every slot is taken");
  }
  const run = { id };
  table.add(run);
  return run;
}

describe("the table of runs", () => {
  test("a slot that is free again is used again, under another id", ({ expect }) => {
    const table = new RunTable<{ id: number }>();
    const first = addRun(table);
    table.remove(first);
    const second = addRun(table);
    expect(second.id & 0xffff).toBe(first.id & 0xffff);
    expect(second.id).not.toBe(first.id);
    expect(table.find(first.id)).toBeUndefined();
    expect(table.find(second.id)).toBe(second);
  });

  test("no id is ever 0, and none is in use twice, over more runs than there are generations", ({
    expect,
  }) => {
    const table = new RunTable<{ id: number }>();
    const held = addRun(table);
    for (let count = 0; count < 70_000; count++) {
      const run = addRun(table);
      if (run.id === 0 || run.id === held.id) {
        expect.unreachable();
      }
      table.remove(run);
    }
    expect(table.find(held.id)).toBe(held);
    expect(table.all()).toEqual([held]);
  });

  test("there are 65536 slots", ({ expect }) => {
    const table = new RunTable<{ id: number }>();
    const runs = Array.from({ length: 65536 }, () => addRun(table));
    expect(table.nextId()).toBeUndefined();
    table.remove(runs[77] as { id: number });
    expect((table.nextId() ?? 0) & 0xffff).toBe(77);
  });
});
