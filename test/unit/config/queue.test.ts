import { describe, test } from "vitest";
import { problemsOf, read } from "./reading.ts";

describe("the queue", () => {
  test("is off by itself, and bounded in time where it is on", ({ expect }) => {
    const off = { max: 0, timeoutMs: 10_000, fairBy: undefined };
    expect(read({}).config.queue).toEqual(off);
    expect(read({ max_inflight: "3" }).config.queue).toEqual(off);
    const on = read({ max_inflight: "3", max_queue: "7" });
    expect(on.config.queue).toEqual({ ...off, max: 7 });
    expect(on.warnings).toEqual([]);
  });

  test("has its time, and its header in small letters", ({ expect }) => {
    const variables = { max_inflight: "1", max_queue: "1" };
    const { queue } = read({ ...variables, queue_timeout: "0", queue_fair_by: "X-User" }).config;
    expect(queue).toEqual({ max: 1, timeoutMs: 0, fairBy: "x-user" });
  });

  test("without a limit that anybody could wait for is an error", ({ expect }) => {
    for (const max_inflight of ["", "0", "-1"]) {
      expect(problemsOf({ max_queue: "5", max_inflight })).toEqual([
        'max_queue: found "5", which needs max_inflight: without a limit nobody waits',
      ]);
      expect(problemsOf({ max_queue: "0", max_inflight })).toEqual([]);
      expect(problemsOf({ max_queue: "-1", max_inflight })).toEqual([]);
    }
  });

  test("that is off makes its other variables a warning each", ({ expect }) => {
    const { warnings } = read({ queue_timeout: "5s", queue_fair_by: "X-User", max_inflight: "1" });
    expect(warnings).toEqual([
      "queue_timeout: without max_queue nobody waits",
      "queue_fair_by: without max_queue nobody waits",
    ]);
  });

  test.for(["X User", "X-User:", "X-\u00e9", "a,b"])(
    "is by no header named %j",
    (name, { expect }) => {
      const variables = { max_inflight: "1", max_queue: "1", queue_fair_by: name };
      expect(problemsOf(variables)).toEqual([
        expect.stringMatching(/^queue_fair_by: found .*, expected the name of a header$/),
      ]);
    },
  );
});
