import { describe, test } from "vitest";
import { Circuits } from "../../../../../src/gateway/queue/callbacks/circuits.ts";

function createCircuits() {
  let nowMs = 0;
  const circuits = new Circuits(() => nowMs);
  const fail = (host: string, times: number) => {
    for (let index = 0; index < times; index++) circuits.note(host, false);
  };
  return { circuits, fail, pass: (ms: number) => (nowMs += ms) };
}

describe("T31: a host that callbacks go to", () => {
  test("is left alone when it has failed five times in a row", ({ expect }) => {
    const { circuits, fail } = createCircuits();
    fail("a", 4);
    expect(circuits.limitOf("a", 4)).toBe(4);
    fail("a", 1);
    expect([circuits.limitOf("a", 4), circuits.limitOf("b", 4)]).toEqual([0, 4]);
  });

  test("is tried by one after 30 s, and left alone again when that fails", ({ expect }) => {
    const { circuits, fail, pass } = createCircuits();
    fail("a", 5);
    pass(29_999);
    expect(circuits.limitOf("a", 4)).toBe(0);
    pass(1);
    expect(circuits.limitOf("a", 4)).toBe(1);
    fail("a", 1);
    expect(circuits.limitOf("a", 4)).toBe(0);
  });

  test("is as all others when it has answered", ({ expect }) => {
    const { circuits, fail } = createCircuits();
    fail("a", 9);
    circuits.note("a", true);
    fail("a", 4);
    expect(circuits.limitOf("a", 4)).toBe(4);
  });

  test("is forgotten when a thousand others have failed since", ({ expect }) => {
    const { circuits, fail } = createCircuits();
    fail("a", 5);
    for (let index = 0; index < 1_000; index++) fail(`b${index}`, 1);
    expect(circuits.limitOf("a", 4)).toBe(4);
  });
});
