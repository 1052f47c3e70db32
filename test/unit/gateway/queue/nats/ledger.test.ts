import { describe, test } from "vitest";
import { beginCourse, finish, type Intake } from "../../../../../src/gateway/queue/nats/course.ts";
import { Ledger } from "../../../../../src/gateway/queue/nats/ledger.ts";

const now = Date.now();
const intake: Intake = { name: "echo", namespace: "fn", queuedAt: now, dueAt: now };
const ended = { kind: "completed", answer: undefined } as const;
const kept = { status: 200, durationMs: 1, answerBytes: 5, body: undefined };
const completed = finish(beginCourse(intake), ended, false, kept, now);

describe("a ledger", () => {
  test("knows what was submitted and has not been touched as queued", ({ expect }) => {
    const ledger = new Ledger();
    ledger.noteIntake("a", 1, intake);
    expect(ledger.find("a")).toMatchObject({ state: "queued", attempt: 0 });
    expect(ledger.lines.invocation.due().lines).toEqual(["fn/echo"]);
  });

  test("lets the later message stand, in whichever order they are told", ({ expect }) => {
    const ledger = new Ledger();
    ledger.noteIntake("a", 3, { ...intake, isDone: true });
    ledger.noteCourse("a", 2, completed);
    ledger.noteIntake("a", 1, intake);
    expect(ledger.find("a")).toMatchObject({ state: "completed", status: 200 });
    expect(ledger.kept).toEqual({ count: 1, bytes: 5 });
    expect(ledger.stats().depth).toBe(0);
  });

  test("takes a course that was before its request for an earlier one's of this call id", ({
    expect,
  }) => {
    const ledger = new Ledger();
    ledger.noteCourse("a", 2, completed);
    ledger.noteIntake("a", 3, intake);
    expect(ledger.find("a")?.state).toBe("queued");
    expect(ledger.get("a")?.courseSeq).toBe(2);
  });

  test("takes half of what is being cleared up for nothing", ({ expect }) => {
    const ledger = new Ledger();
    ledger.noteIntake("a", 1, { ...intake, isDone: true });
    ledger.noteCourse("b", 2, completed);
    expect([ledger.find("a"), ledger.find("b")]).toEqual([undefined, undefined]);
    expect(ledger.leftOvers().map(([callId]) => callId)).toEqual(["a", "b"]);
  });

  test("does not learn again, from messages on their way, what it has forgotten", ({ expect }) => {
    const ledger = new Ledger();
    ledger.noteIntake("a", 5, intake);
    ledger.forget("a");
    ledger.pass(4);
    ledger.noteIntake("a", 5, intake);
    expect(ledger.find("a")).toBeUndefined();
    ledger.pass(5);
    ledger.noteIntake("a", 6, intake);
    expect(ledger.find("a")?.state).toBe("queued");
  });
});
