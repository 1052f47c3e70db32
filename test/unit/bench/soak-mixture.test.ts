import { describe, test } from "vitest";
import type { Exchange } from "../../../bench/soak/client.ts";
import { findFault } from "../../../bench/soak/expectation.ts";
import { listKinds } from "../../../bench/soak/kinds.ts";
import { createMixture } from "../../../bench/soak/mixture.ts";
import { createRandom } from "../../../bench/soak/random.ts";
import { findSoakFaults, type SoakReport } from "../../../bench/soak/report.ts";

describe("the soak's mixture", () => {
  const kinds = listKinds("classic");

  test("the weights of its kinds add up to a thousand, and no two have one name", ({ expect }) => {
    expect(kinds.reduce((sum, { weight }) => sum + weight, 0)).toBe(1000);
    expect(new Set(kinds.map(({ name }) => name)).size).toBe(kinds.length);
  });

  test("the same seed draws the same requests, another one others", ({ expect }) => {
    const draw = (seed: number) => {
      const next = createMixture(kinds, createRandom(seed));
      return Array.from({ length: 100 }, () => next().name);
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test("each kind comes about as often as its weight says", ({ expect }) => {
    const next = createMixture(kinds, createRandom(1));
    const drawn = Array.from({ length: 100_000 }, () => next());
    for (const kind of kinds) {
      const share = drawn.filter((one) => one === kind).length / 100;
      expect(Math.abs(share - kind.weight), kind.name).toBeLessThan(5 + kind.weight * 0.05);
    }
  });
});

describe("what the soak finds wrong", () => {
  const sent = Buffer.from("hello world");
  const got = (status: number, body: string, complete = true): Exchange => ({
    status,
    body: Buffer.from(body),
    complete,
    keepsAlive: complete,
    milliseconds: 1,
  });
  const echo = { is: "answered", body: "echo" } as const;
  const overdue = { is: "timed out", output: "left\n" } as const;

  test("an echo of something else, or a part of it, is wrong", ({ expect }) => {
    expect(findFault("classic", echo, sent, got(200, "hello world"))).toBeUndefined();
    expect(findFault("classic", echo, sent, got(200, "hello worl"))).toContain("another body");
    expect(findFault("classic", echo, sent, got(500, "hello world"))).toContain("status 500");
    expect(findFault("classic", echo, sent, got(200, "hello", false))).toContain("cut off");
  });

  test("a deadline is 408, 500 or a cut answer, as the mode says", ({ expect }) => {
    expect(findFault("classic", overdue, sent, got(408, "Killed process.\n"))).toBeUndefined();
    expect(findFault("serializing", overdue, sent, got(500, "signal: killed"))).toBeUndefined();
    expect(findFault("streaming", overdue, sent, got(200, "left\n", false))).toBeUndefined();
    expect(findFault("streaming", overdue, sent, got(200, "left\n"))).toBe("not cut off");
  });

  test("who has left expects nothing", ({ expect }) => {
    expect(findFault("classic", { is: "abandoned" }, sent, got(0, "", false))).toBeUndefined();
  });
});

describe("what a soak must leave as it was", () => {
  const clean: SoakReport = {
    requests: 10,
    seconds: 1,
    kinds: { some: { sent: 10, wrong: 0, slowestMs: 1 } },
    wrong: [],
    vanished: 0,
    health: { checks: 1, failed: 0, slowestMs: 1 },
    descriptors: { before: [20, 6], after: [20, 5] },
    descriptorsLeft: [],
    zombies: 0,
    leftovers: [],
    memoryMiB: { early: 20, late: 21.9 },
    ending: { exitCode: 0, signal: null },
    log: "",
  };
  const faults = (change: Partial<SoakReport>) =>
    findSoakFaults({ ...clean, ...change }, { memoryGrowth: 0.1 });

  test("nothing is wrong with a clean one", ({ expect }) => {
    expect(faults({})).toEqual([]);
  });

  test("each thing that is left is named", ({ expect }) => {
    expect(faults({ descriptors: { before: [20, 6], after: [20, 7] } })[0]).toContain(
      "descriptors grew from 20,6 to 20,7",
    );
    expect(faults({ zombies: 2 })).toEqual(["2 zombies"]);
    expect(faults({ leftovers: ["sleep (7)"] })).toEqual(["left running: sleep (7)"]);
    expect(faults({ memoryMiB: { early: 20, late: 22.1 } })).toHaveLength(1);
    expect(faults({ ending: { exitCode: null, signal: "SIGKILL" } })).toHaveLength(1);
    expect(faults({ kinds: { some: { sent: 10, wrong: 1, slowestMs: 1 } } })).toHaveLength(1);
  });
});
