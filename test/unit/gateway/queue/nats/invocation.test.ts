import { describe, test } from "vitest";
import { beginCourse, lease, putOff } from "../../../../../src/gateway/queue/nats/course.ts";
import { toInvocation } from "../../../../../src/gateway/queue/nats/invocation.ts";

const HOUR = 3_600_000;

/** Written by a gateway whose clock is an hour ahead of ours, or by us before ours was put back. */
const now = Date.now() + HOUR;
const intake = { name: "echo", namespace: "openfaas-fn", queuedAt: now, dueAt: now };
const waitOf = (given: typeof intake, course?: ReturnType<typeof beginCourse>) => {
  const halves = { intake: given, intakeSeq: 1, course, courseSeq: course === undefined ? 0 : 2 };
  return (toInvocation("a", halves)?.freeAt ?? Number.NaN) - performance.now();
};

describe("an invocation that a clock ahead of ours has written", () => {
  test("is due at once where it was to be", ({ expect }) => {
    expect(waitOf(intake)).toBeLessThanOrEqual(0);
  });

  test("waits for its delay, and no longer", ({ expect }) => {
    const waitMs = waitOf({ ...intake, dueAt: now + 90_000 });
    expect(waitMs).toBeGreaterThan(60_000);
    expect(waitMs).toBeLessThanOrEqual(90_000);
  });

  test("waits for its next try, and no longer", ({ expect }) => {
    const retry = { kind: "retry", delayMs: 60_000, reason: "", isCounted: true } as const;
    const waitMs = waitOf(intake, putOff(lease(beginCourse(intake), 30_000), retry, now));
    expect(waitMs).toBeGreaterThan(30_000);
    expect(waitMs).toBeLessThanOrEqual(60_000);
  });
});
