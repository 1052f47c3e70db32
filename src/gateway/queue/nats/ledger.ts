import { functionOfLine, type InvocationRecord, type QueueStats, type Stage } from "../queue.ts";
import { type Course, type Intake, isKept } from "./course.ts";
import { DueHeap } from "./due-heap.ts";
import { type Halves, type Invocation, isRunning, toInvocation, toRecord } from "./invocation.ts";
import { Lines } from "./lines.ts";

const NOTHING: Halves = { intake: undefined, intakeSeq: 0, course: undefined, courseSeq: 0 };

/**
 * All that is kept, without bodies, in memory: what to do next is found here and not by asking. Every gateway has its own,
 * and follows what the others write; which of them comes first is decided where it is written.
 */
export class Ledger {
  readonly lines: Readonly<Record<Stage, Lines>>;
  readonly #halves = new Map<string, Halves>();
  readonly #invocations = new Map<string, Invocation>();
  readonly #oldest: DueHeap<Invocation>;
  readonly #leased = new Set<string>();
  readonly #dead = new Set<string>();
  /** Those that are kept for a while, in the order in which they ended, with the size of their answers. */
  readonly #kept = new Map<string, number>();
  #keptBytes = 0;
  /** What the follower has seen; and what was forgotten before it has, up to which message. */
  #position = 0;
  readonly #forgotten = new Map<string, number>();

  constructor() {
    const isCurrent = (one: Invocation) => this.#invocations.get(one.callId) === one;
    this.lines = { invocation: new Lines(isCurrent), callback: new Lines(isCurrent) };
    this.#oldest = new DueHeap(({ callId, course }) => {
      const now = this.#invocations.get(callId)?.course;
      return now?.stage === "invocation" && now.queuedAt === course.queuedAt;
    });
  }

  get(callId: string): Invocation | undefined {
    return this.#invocations.get(callId);
  }

  find(callId: string): InvocationRecord | undefined {
    const invocation = this.#invocations.get(callId);
    return invocation && toRecord(invocation);
  }

  /** What somebody has written, or we have: the later one stands, in whichever order they are told. */
  noteIntake(callId: string, intakeSeq: number, intake: Intake): void {
    const halves = this.#halves.get(callId) ?? NOTHING;
    if (this.#isNews(callId, intakeSeq, halves.intakeSeq)) {
      this.#note(callId, { ...halves, intake, intakeSeq });
    }
  }

  noteCourse(callId: string, courseSeq: number, course: Course): void {
    const halves = this.#halves.get(callId) ?? NOTHING;
    if (this.#isNews(callId, courseSeq, halves.courseSeq)) {
      this.#note(callId, { ...halves, course, courseSeq });
    }
  }

  /** There is no such message any more. */
  noteNoCourse(callId: string): void {
    const halves = this.#halves.get(callId);
    if (halves !== undefined) this.#note(callId, { ...halves, course: undefined, courseSeq: 0 });
  }

  /** Whoever follows has seen all messages up to this one. */
  pass(seq: number): void {
    this.#position = seq;
    for (const [callId, last] of this.#forgotten) {
      if (last > seq) break;
      this.#forgotten.delete(callId);
    }
  }

  forget(callId: string): void {
    const { intakeSeq, courseSeq } = this.#halves.get(callId) ?? NOTHING;
    const last = Math.max(intakeSeq, courseSeq);
    if (last > this.#position) this.#forgotten.set(callId, last);
    this.#halves.delete(callId);
    this.#replace(callId, undefined);
  }

  /** The newest first; `before`: those older than the one of this call id, and none where there is no such one. */
  deadLetters(before?: string): Invocation[] {
    const last = before === undefined ? Number.POSITIVE_INFINITY : this.get(before)?.intakeSeq;
    return [...this.#dead]
      .map((callId) => this.#invocations.get(callId) as Invocation)
      .filter(({ intakeSeq }) => last !== undefined && intakeSeq < last)
      .sort((one, other) => other.intakeSeq - one.intakeSeq);
  }

  get kept(): { readonly count: number; readonly bytes: number } {
    return { count: this.#kept.size, bytes: this.#keptBytes };
  }

  oldestKept(): Invocation | undefined {
    const [callId = ""] = this.#kept.keys();
    return this.#invocations.get(callId);
  }

  /** Messages that belong to nothing. */
  leftOvers(): readonly (readonly [callId: string, Halves])[] {
    return [...this.#halves].filter(([callId]) => !this.#invocations.has(callId));
  }

  all(): Iterable<Invocation> {
    return this.#invocations.values();
  }

  stats(): QueueStats {
    const depths = this.lines.invocation
      .counts()
      .map(([line, depth]) => ({ ...functionOfLine(line), depth }));
    const leased = [...this.#leased].map((callId) => this.#invocations.get(callId) as Invocation);
    const oldest = this.#oldest.first();
    return {
      depth: depths.reduce((sum, { depth }) => sum + depth, 0),
      running: leased.filter((one) => one.course.stage === "invocation" && isRunning(one)).length,
      oldestMs: oldest === undefined ? 0 : Math.max(0, Date.now() - oldest.at),
      deadLetters: this.#dead.size,
      callbacks: this.lines.callback.counts().reduce((sum, [, count]) => sum + count, 0),
      depths,
    };
  }

  #isNews(callId: string, seq: number, known: number): boolean {
    return seq > known && seq > (this.#forgotten.get(callId) ?? 0);
  }

  #note(callId: string, halves: Halves): void {
    this.#halves.set(callId, halves);
    this.#replace(callId, toInvocation(callId, halves));
  }

  #replace(callId: string, next: Invocation | undefined): void {
    const last = this.#invocations.get(callId);
    if (last !== undefined) this.#leave(last);
    if (next === undefined) this.#invocations.delete(callId);
    else this.#enter(next, last);
  }

  #leave(invocation: Invocation): void {
    const { callId, course } = invocation;
    if (course.stage !== undefined) this.lines[course.stage].leave(invocation);
    this.#leased.delete(callId);
    this.#dead.delete(callId);
    this.#keptBytes -= this.#kept.get(callId) ?? 0;
    this.#kept.delete(callId);
  }

  #enter(invocation: Invocation, last: Invocation | undefined): void {
    const { callId, course, intakeSeq } = invocation;
    this.#invocations.set(callId, invocation);
    if (course.stage !== undefined) this.lines[course.stage].enter(invocation);
    if (course.stage === "invocation" && last?.course.queuedAt !== course.queuedAt) {
      this.#oldest.push(course.queuedAt, intakeSeq, invocation);
    }
    if (course.leaseMs > 0) this.#leased.add(callId);
    if (course.outcome === "dead") this.#dead.add(callId);
    if (!isKept(course)) return;
    this.#kept.set(callId, course.answerBytes ?? 0);
    this.#keptBytes += course.answerBytes ?? 0;
  }
}
