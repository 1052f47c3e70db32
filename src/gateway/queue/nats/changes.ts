import { NO_BYTES } from "../../../core/no-bytes.ts";
import type { BodyReference } from "./bodies.ts";
import type { Course, Intake } from "./course.ts";
import type { Halves, Invocation } from "./invocation.ts";
import type { Session } from "./session.ts";

export interface Change {
  readonly before: Invocation;
  readonly course: Course;
  readonly courseSeq: number;
}

/** So often somebody else can come first with one invocation; more is a fault. */
const MOST_CONFLICTS = 20;

/** Changes what is kept, each only where it follows what is known; and clears up, which nobody waits for. */
export class Changes {
  readonly #session: Session;
  readonly #chores = new Set<Promise<void>>();

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Writes what `next` makes of an invocation. Where somebody came first, it is asked once more, of what that one has written.
   * `undefined`: `next` made nothing of it.
   */
  async change(
    callId: string,
    next: (invocation: Invocation) => Course | undefined,
    body: Uint8Array = NO_BYTES,
  ): Promise<Change | undefined> {
    const { ledger, journal, names } = this.#session;
    for (let conflicts = 0; conflicts < MOST_CONFLICTS; conflicts++) {
      const before = ledger.get(callId);
      const course = before && next(before);
      if (before === undefined || course === undefined) return undefined;
      const seq = await journal.write(names.course(callId), course, body, before.courseSeq);
      if (seq !== undefined) {
        ledger.noteCourse(callId, seq, course);
        return { before, course, courseSeq: seq };
      }
      await this.refresh(callId);
    }
    throw new Error(`the invocation ${callId} changes faster than it can be written`);
  }

  /** Looks at what is kept. */
  async refresh(callId: string): Promise<void> {
    const { ledger, journal, names } = this.#session;
    const [intake, course] = await Promise.all([
      journal.last(names.intake(callId)),
      journal.last(names.course(callId)),
    ]);
    if (intake === undefined) {
      ledger.forget(callId);
      return;
    }
    ledger.noteIntake(callId, intake.seq, intake.said as Intake);
    if (course === undefined) ledger.noteNoCourse(callId);
    else ledger.noteCourse(callId, course.seq, course.said as Course);
  }

  /** What has completed needs no request any more; that it was there stays known. */
  dropRequest(callId: string): void {
    const invocation = this.#session.ledger.get(callId);
    if (invocation === undefined || invocation.intake.isDone) return;
    this.#do(async () => {
      await this.#writeDone(callId, invocation.intake, invocation.intakeSeq);
    });
  }

  dropBody(body: BodyReference | undefined): void {
    if (body !== undefined) this.#do(() => this.#session.bodies.remove(body));
  }

  /** Removes all that there is of an invocation. */
  async erase(callId: string, { intake, intakeSeq, course, courseSeq }: Halves): Promise<void> {
    const { ledger, journal, bodies } = this.#session;
    ledger.forget(callId);
    let doneSeq: number | undefined = intakeSeq;
    if (intake !== undefined && !intake.isDone) {
      // A server that is killed may forget a removal: what it has then must not look like a new invocation.
      doneSeq =
        (await this.#writeDone(callId, intake, intakeSeq)) ?? (await this.#findDone(callId));
      ledger.forget(callId);
    }
    if (doneSeq === undefined) return;
    if (courseSeq > 0) await journal.remove(courseSeq);
    if (intake !== undefined) await journal.remove(doneSeq);
    if (course?.body !== undefined) await bodies.remove(course.body);
  }

  /** That somebody else has written, or we a moment ago. */
  async #findDone(callId: string): Promise<number | undefined> {
    const { journal, names } = this.#session;
    const last = await journal.last(names.intake(callId));
    return (last?.said as Intake | undefined)?.isDone ? last?.seq : undefined;
  }

  /** Nobody is told of its failures: what is left over is found at the next start. */
  #do(act: () => Promise<void>): void {
    const chore = act()
      .catch(() => {})
      .finally(() => this.#chores.delete(chore));
    this.#chores.add(chore);
  }

  /** Resolves when nothing is being cleared up. */
  async idle(): Promise<void> {
    while (this.#chores.size > 0) await Promise.all(this.#chores);
  }

  /** `undefined`: it was another one's by then. */
  async #writeDone(callId: string, intake: Intake, intakeSeq: number) {
    const { ledger, journal, names, bodies } = this.#session;
    const done: Intake = { ...intake, body: undefined, isDone: true };
    const seq = await journal.write(names.intake(callId), done, NO_BYTES, intakeSeq);
    if (seq === undefined) return undefined;
    ledger.noteIntake(callId, seq, done);
    if (intake.body !== undefined) await bodies.remove(intake.body);
    return seq;
  }
}
