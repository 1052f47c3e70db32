import type { Retention } from "../retention.ts";
import type { Changes } from "./changes.ts";
import { discard, redrive } from "./course.ts";
import type { Invocation } from "./invocation.ts";
import type { Session } from "./session.ts";

const AT_A_TIME = 16;

/** What has finished: how long it is kept, and the dead letters. */
export class Keeping {
  readonly #session: Session;
  readonly #changes: Changes;
  readonly #limits: Retention;
  #sweeping: Promise<void> | undefined;

  constructor(session: Session, changes: Changes, limits: Retention) {
    this.#session = session;
    this.#changes = changes;
    this.#limits = limits;
  }

  async redrive(callIds: readonly string[] | "all"): Promise<number> {
    return await this.#eachDead(callIds, async ({ callId, intake: { callbackUrl } }) => {
      const change = await this.#changes.change(callId, ({ course }) =>
        course.outcome === "dead"
          ? redrive(course, callbackUrl !== undefined, Date.now())
          : undefined,
      );
      this.#changes.dropBody(change?.before.course.body);
      return change !== undefined;
    });
  }

  async discard(callIds: readonly string[] | "all"): Promise<number> {
    return await this.#eachDead(callIds, async ({ callId }) => {
      // Those who look on are told before it goes, and nobody redrives it meanwhile.
      const change = await this.#changes.change(callId, ({ course }) =>
        course.outcome === "dead" ? discard(course) : undefined,
      );
      if (change === undefined) return false;
      const { before, courseSeq } = change;
      await this.#changes.erase(callId, { ...before, courseSeq });
      return true;
    });
  }

  /** Drops what is too old or too much. Never rejects. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep()
      .catch(() => {})
      .finally(() => {
        this.#sweeping = undefined;
      });
    return this.#sweeping;
  }

  /** Finishes what somebody was interrupted in. Never rejects. */
  async tidy(): Promise<void> {
    const { ledger, bodies } = this.#session;
    try {
      for (const [callId, halves] of ledger.leftOvers()) await this.#changes.erase(callId, halves);
      const inUse = new Set<string>();
      for (const { callId, intake, course } of ledger.all()) {
        if (course.outcome === "completed") this.#changes.dropRequest(callId);
        for (const body of [intake.body, course.body]) if (body) inUse.add(body.name);
      }
      await bodies.removeOrphans(inUse);
    } catch {}
  }

  async #eachDead(
    callIds: readonly string[] | "all",
    act: (letter: Invocation) => Promise<boolean>,
  ): Promise<number> {
    const { ledger } = this.#session;
    const wanted = callIds === "all" ? undefined : new Set(callIds);
    const letters = ledger
      .deadLetters()
      .filter(({ callId }) => wanted === undefined || wanted.has(callId))
      .reverse();
    let count = 0;
    while (letters.length > 0) {
      const done = await Promise.all(letters.splice(0, AT_A_TIME).map(act));
      count += done.filter(Boolean).length;
    }
    return count;
  }

  async #sweep(): Promise<void> {
    for (;;) {
      const gone: Promise<void>[] = [];
      while (gone.length < AT_A_TIME && this.#isTooMuch()) {
        const oldest = this.#session.ledger.oldestKept() as Invocation;
        // At once it is no longer known, and so the next one is the oldest.
        gone.push(this.#changes.erase(oldest.callId, oldest));
      }
      if (gone.length === 0) return;
      await Promise.all(gone);
    }
  }

  #isTooMuch(): boolean {
    const { ledger } = this.#session;
    const { count, bytes } = ledger.kept;
    const oldest = ledger.oldestKept()?.course.finishedAt ?? Number.POSITIVE_INFINITY;
    const { keptCount, keptBytes, keptMs } = this.#limits;
    return count > keptCount || bytes > keptBytes || oldest < Date.now() - keptMs;
  }
}
