import { describe, test } from "vitest";
import { StartSlots } from "../../../../src/provider/local/start-slots.ts";

/** Starts that end when they are told to, in the order in which they began. */
function createStarts(slots: StartSlots) {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  return {
    begun,
    begin(name: string): Promise<void> {
      const end = Promise.withResolvers<void>();
      ends.set(name, end);
      return slots.run(async () => {
        begun.push(name);
        await end.promise;
      });
    },
    end: (name: string) => ends.get(name)?.resolve(),
    fail: (name: string) => ends.get(name)?.reject(new Error(name)),
  };
}

describe("starts", () => {
  test("begin at once as long as there is a slot, and then one for each that ends, first come first served", async ({
    expect,
  }) => {
    const { begun, begin, end } = createStarts(new StartSlots(2));
    const all = ["a", "b", "c", "d"].map(begin);
    expect(begun).toEqual(["a", "b"]);
    end("b");
    await all[1];
    expect(begun).toEqual(["a", "b", "c"]);
    end("a");
    await all[0];
    expect(begun).toEqual(["a", "b", "c", "d"]);
    for (const name of ["c", "d"]) end(name);
    await Promise.all(all);
  });

  test("that fail make way like others, and their error is their own", async ({ expect }) => {
    const { begun, begin, fail, end } = createStarts(new StartSlots(1));
    const [first, second] = [begin("a"), begin("b")];
    fail("a");
    await expect(first).rejects.toThrow("a");
    expect(begun).toEqual(["a", "b"]);
    end("b");
    await second;
  });

  test("leave no slot lost or won behind them", async ({ expect }) => {
    const { begun, begin, end } = createStarts(new StartSlots(2));
    for (const name of ["a", "b", "c"]) {
      const start = begin(name);
      end(name);
      await start;
    }
    begun.length = 0;
    const all = ["d", "e", "f"].map(begin);
    expect(begun).toEqual(["d", "e"]);
    for (const name of ["d", "e", "f"]) end(name);
    await Promise.all(all);
  });
});
