import type { FunctionId } from "../../../provider/provider.ts";
import type { InvocationRecord, Settlement, Stage } from "../queue.ts";
import type { BodyReference } from "./bodies.ts";

/** What was submitted. It is written once, and once more, without the request, when that is not needed any more. */
export interface Intake extends FunctionId {
  readonly callbackUrl?: string | undefined;
  /** Milliseconds since 1970, as all times in what is kept. */
  readonly queuedAt: number;
  readonly dueAt: number;
  /** Where the request is, when it is not in the message itself. */
  readonly body?: BodyReference | undefined;
  /** The request is gone. */
  readonly isDone?: true;
}

/** What has become of an invocation up to now: each change is the next message of its subject. */
export interface Course {
  /** What is to be done next; nothing where it is not there. */
  readonly stage?: Stage | undefined;
  /** `discarded`: a dead letter that nobody wants any more. */
  readonly outcome?: "completed" | "dead" | "discarded" | undefined;
  readonly queuedAt: number;
  readonly dueAt: number;
  /** From when this was written until then, whatever the clock says of those who read it; older programs do not say it. */
  readonly delayMs?: number | undefined;
  /** Tells leases apart. */
  readonly fence: number;
  /** How long the lease is from when this is seen; 0: it is not leased. */
  readonly leaseMs: number;
  readonly attempt: number;
  readonly uncounted: number;
  readonly reason?: string | undefined;
  readonly callback: InvocationRecord["callback"];
  readonly callbackAttempt: number;
  readonly callbackUncounted: number;
  readonly callbackReason?: string | undefined;
  readonly finishedAt?: number | undefined;
  /** Of the answer, which is in this very message, or where `body` says. */
  readonly status?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly answerBytes?: number | undefined;
  readonly body?: BodyReference | undefined;
}

/** Of what nobody has touched yet. */
export function beginCourse({ queuedAt, dueAt, callbackUrl }: Intake): Course {
  return {
    stage: "invocation",
    queuedAt,
    dueAt,
    delayMs: dueAt - queuedAt,
    fence: 0,
    leaseMs: 0,
    attempt: 0,
    uncounted: 0,
    callback: callbackUrl === undefined ? "none" : "waiting",
    callbackAttempt: 0,
    callbackUncounted: 0,
  };
}

export function lease(course: Course, leaseMs: number): Course {
  const leased = { ...course, leaseMs, fence: course.fence + 1 };
  return course.stage === "callback"
    ? { ...leased, callbackAttempt: course.callbackAttempt + 1 }
    : { ...leased, attempt: course.attempt + 1 };
}

export function putOff(course: Course, retry: Settlement & { kind: "retry" }, now: number): Course {
  const delayMs = Math.max(0, Math.ceil(retry.delayMs));
  const free = { ...course, leaseMs: 0, dueAt: now + delayMs, delayMs };
  const uncounted = retry.isCounted ? 0 : 1;
  return course.stage === "callback"
    ? {
        ...free,
        callbackReason: retry.reason,
        callbackUncounted: course.callbackUncounted + uncounted,
      }
    : { ...free, reason: retry.reason, uncounted: course.uncounted + uncounted };
}

/** What the course says of an answer that is kept. */
export type Kept = Pick<Course, "status" | "durationMs" | "answerBytes" | "body">;

const NO_ANSWER: Kept = {
  status: undefined,
  durationMs: undefined,
  answerBytes: undefined,
  body: undefined,
};

export function finish(
  course: Course,
  settlement: Exclude<Settlement, { kind: "retry" }>,
  hasCallback: boolean,
  kept: Kept,
  now: number,
): Course {
  return {
    ...course,
    ...kept,
    stage: hasCallback ? "callback" : undefined,
    reason: settlement.kind === "dead" ? settlement.reason : undefined,
    outcome: settlement.kind,
    callback: hasCallback ? "pending" : "none",
    leaseMs: 0,
    dueAt: now,
    delayMs: 0,
    finishedAt: now,
  };
}

export function endCallback(
  course: Course,
  settlement: Exclude<Settlement, { kind: "retry" }>,
): Course {
  return {
    ...course,
    stage: undefined,
    leaseMs: 0,
    callback: settlement.kind === "completed" ? "delivered" : "failed",
    callbackReason: settlement.kind === "dead" ? settlement.reason : undefined,
  };
}

/** Its attempts go on counting, so that nobody takes them for the first. */
export function redrive(course: Course, hasCallback: boolean, now: number): Course {
  return {
    ...course,
    ...NO_ANSWER,
    outcome: undefined,
    finishedAt: undefined,
    stage: "invocation",
    queuedAt: now,
    dueAt: now,
    delayMs: 0,
    fence: course.fence + 1,
    leaseMs: 0,
    uncounted: course.attempt,
    callback: hasCallback ? "waiting" : "none",
    callbackUncounted: course.callbackAttempt,
  };
}

/** A dead letter that nobody wants any more; for those who look on, until its messages are gone. */
export function discard(course: Course): Course {
  return { ...course, ...NO_ANSWER, stage: undefined, outcome: "discarded", leaseMs: 0 };
}

/** Nothing is left to do for it, and it is kept for a while. */
export const isKept = ({ outcome, stage }: Course): boolean =>
  outcome === "completed" && stage === undefined;
