import { describe, test } from "vitest";
import { Backoff } from "../../../../src/provider/local/backoff.ts";

describe("the wait before a replica is started again", () => {
  test("doubles for those that never took a request, up to half a minute", ({ expect }) => {
    const backoff = new Backoff();
    const waits = Array.from({ length: 12 }, () => backoff.next(0));
    expect(waits).toEqual([
      100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000, 30000,
    ]);
  });

  test("is none behind a good life, and begins anew", ({ expect }) => {
    const backoff = new Backoff();
    for (let failures = 0; failures < 5; failures++) backoff.next(0);
    expect([backoff.next(10_000), backoff.next(50), backoff.next(50)]).toEqual([0, 100, 200]);
  });
});
