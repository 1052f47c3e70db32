import { callbackLine, type InvocationRecord, lineOfFunction } from "../queue.ts";
import { beginCourse, type Course, type Intake } from "./course.ts";

/** What is known of one call id. Each change makes a new one. */
export interface Invocation {
  readonly callId: string;
  readonly intake: Intake;
  readonly intakeSeq: number;
  readonly course: Course;
  /** What the next change has to follow; 0: nothing. */
  readonly courseSeq: number;
  /** When somebody may claim it, on this machine's own clock (`performance.now`). */
  readonly freeAt: number;
}

/** The two messages of a call id, as far as they have been seen. */
export interface Halves {
  readonly intake: Intake | undefined;
  readonly intakeSeq: number;
  readonly course: Course | undefined;
  readonly courseSeq: number;
}

/**
 * What the two say together. `undefined`: nothing; that is what is left where somebody was interrupted while he cleared up.
 * A lease counts from now on: whoever has it tells of himself before it is over, and no two clocks are compared.
 */
export function toInvocation(callId: string, halves: Halves): Invocation | undefined {
  const { intake, intakeSeq, courseSeq } = halves;
  if (intake === undefined) return undefined;
  const hasCourse = halves.course !== undefined && (intake.isDone || courseSeq > intakeSeq);
  // A course before its request is of an earlier one of this call id.
  const course = hasCourse ? (halves.course as Course) : beginCourse(intake);
  if (course.outcome === "discarded" || (intake.isDone && course.outcome !== "completed")) {
    return undefined;
  }
  const waitMs = course.leaseMs > 0 ? course.leaseMs : delayOf(course);
  return { callId, intake, intakeSeq, course, courseSeq, freeAt: performance.now() + waitMs };
}

/** Whoever wrote it may have had a clock ahead of this one, or of what this one is set to now: nobody waits longer for that. */
function delayOf({ dueAt, delayMs = Number.POSITIVE_INFINITY }: Course): number {
  return Math.max(0, Math.min(dueAt - Date.now(), delayMs));
}

/** Where it stands, as long as something is to be done. */
export function lineOf({ intake, course }: Invocation): string {
  return course.stage === "callback"
    ? callbackLine(intake.callbackUrl as string)
    : lineOfFunction(intake);
}

export function isRunning({ course, freeAt }: Invocation): boolean {
  return course.leaseMs > 0 && freeAt > performance.now();
}

export function toRecord(invocation: Invocation): InvocationRecord {
  const { callId, intake, course } = invocation;
  return {
    callId,
    function: { name: intake.name, namespace: intake.namespace },
    state: stateOf(invocation),
    attempt: course.attempt,
    queuedAt: new Date(course.queuedAt),
    finishedAt: course.finishedAt === undefined ? undefined : new Date(course.finishedAt),
    status: course.status,
    durationMs: course.durationMs,
    reason: course.reason,
    callback: course.callback,
    callbackReason: course.callbackReason,
  };
}

function stateOf(invocation: Invocation): InvocationRecord["state"] {
  const { course, freeAt } = invocation;
  if (course.outcome === "completed" || course.outcome === "dead") return course.outcome;
  if (freeAt <= performance.now()) return "queued";
  return course.leaseMs > 0 ? "running" : "delayed";
}
