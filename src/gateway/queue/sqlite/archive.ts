import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Answer, InvocationRecord } from "../queue.ts";
import type { Retention } from "../retention.ts";
import { type AnswerRow, type InvocationRow, toAnswer, toRecord } from "./rows.ts";
import { prepareStatements } from "./statements.ts";

/** As many leave with each that comes, so that nobody waits for a great clearing. */
const MOST_AT_A_TIME = 8;

/** Invocations that have finished: their answers, for a while, and the dead letters. */
export class Archive {
  readonly #limits: Retention;
  readonly #now: () => number;
  readonly #statements: Readonly<Record<keyof typeof STATEMENTS, StatementSync>>;
  #isCounted = false;
  /** Of the completed ones with nothing left to do. */
  #count = 0;
  #bytes = 0;

  constructor(database: DatabaseSync, limits: Retention, now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.#statements = prepareStatements(database, STATEMENTS);
  }

  /** Behind a transaction that was taken back; they are counted when somebody needs them. */
  forgetCounts(): void {
    this.#isCounted = false;
  }

  #recount(): void {
    const { count, bytes } = this.#statements.count.get() as { count: number; bytes: number };
    this.#count = count;
    this.#bytes = bytes;
    this.#isCounted = true;
  }

  find(callId: string): InvocationRecord | undefined {
    const row = this.#statements.find.get(callId) as InvocationRow | undefined;
    return row && toRecord(row, this.#now());
  }

  answer(callId: string): Answer | undefined {
    const row = this.#statements.answer.get(callId) as AnswerRow | undefined;
    return row && toAnswer(row);
  }

  answerOf(seq: number): Answer | undefined {
    const row = this.#statements.answerOf.get(seq) as AnswerRow | undefined;
    return row && toAnswer(row);
  }

  keepAnswer(seq: number, { status, headers, body, durationMs }: Answer): void {
    const texts = JSON.stringify(headers);
    const bytes = body.byteLength + texts.length;
    this.#statements.keepAnswer.run(seq, status, durationMs, bytes, texts, body);
  }

  dropAnswer(seq: number): void {
    this.#statements.dropAnswer.run(seq);
  }

  /** Nothing is left to do for it. */
  noteEnded(seq: number): void {
    const row = this.#statements.ended.get(seq) as { bytes: number | null } | undefined;
    if (row === undefined) return;
    if (this.#isCounted) {
      this.#count++;
      this.#bytes += row.bytes ?? 0;
    } else {
      this.#recount();
    }
    const { keptCount, keptBytes } = this.#limits;
    for (let index = 0; index < MOST_AT_A_TIME; index++) {
      if (this.#count <= keptCount && this.#bytes <= keptBytes) return;
      this.#dropOldest(Number.MAX_SAFE_INTEGER, 1);
    }
  }

  /** Drops what has become too old, at most `limit`. Returns how many. */
  sweep(limit: number): number {
    const dropped = this.#dropOldest(this.#now() - this.#limits.keptMs, limit);
    this.#statements.shrink.all();
    return dropped;
  }

  deadLetters(limit: number, before?: string): InvocationRecord[] {
    const rows = this.#statements.deadLetters.all({ limit, before: before ?? null });
    const now = this.#now();
    return rows.map((row) => toRecord(row as unknown as InvocationRow, now));
  }

  discard(callIds: readonly string[] | "all"): number {
    return this.eachDead(callIds, (seq) => this.#drop(seq));
  }

  /** Those of them that are dead letters. Returns how many. */
  eachDead(callIds: readonly string[] | "all", act: (seq: number) => void): number {
    const rows =
      callIds === "all"
        ? this.#statements.allDead.all()
        : [...new Set(callIds)].flatMap((callId) => this.#statements.dead.all(callId));
    for (const { seq } of rows) act(seq as number);
    return rows.length;
  }

  #dropOldest(before: number, limit: number): number {
    const rows = this.#statements.oldest.all(before, limit);
    for (const { seq, bytes } of rows) {
      this.#drop(seq as number);
      this.#count--;
      this.#bytes -= Number(bytes ?? 0);
    }
    return rows.length;
  }

  #drop(seq: number): void {
    this.#statements.dropRequest.run(seq);
    this.#statements.dropAnswer.run(seq);
    this.#statements.drop.run(seq);
  }
}

const RECORD = `
  SELECT call_id, name, namespace, due_at, is_leased, attempt, queued_at, outcome, finished_at, reason, callback,
    callback_reason, status, duration_ms
  FROM invocations LEFT JOIN answers USING (seq)`;

const STATEMENTS = {
  count: `
    SELECT COUNT(*) AS count, COALESCE(SUM(bytes), 0) AS bytes FROM invocations LEFT JOIN answers USING (seq)
    WHERE line IS NULL AND outcome = 'completed'`,
  find: `${RECORD} WHERE call_id = ?`,
  answer: `
    SELECT status, duration_ms, headers, body FROM invocations JOIN answers USING (seq) WHERE call_id = ?`,
  answerOf: "SELECT status, duration_ms, headers, body FROM answers WHERE seq = ?",
  keepAnswer: `
    INSERT OR REPLACE INTO answers (seq, status, duration_ms, bytes, headers, body) VALUES (?, ?, ?, ?, ?, ?)`,
  dropAnswer: "DELETE FROM answers WHERE seq = ?",
  dropRequest: "DELETE FROM requests WHERE seq = ?",
  drop: "DELETE FROM invocations WHERE seq = ?",
  ended: `
    SELECT bytes FROM invocations LEFT JOIN answers USING (seq)
    WHERE seq = ? AND line IS NULL AND outcome = 'completed'`,
  oldest: `
    SELECT seq, bytes FROM invocations LEFT JOIN answers USING (seq)
    WHERE line IS NULL AND outcome = 'completed' AND finished_at < ? ORDER BY finished_at, seq LIMIT ?`,
  shrink: "PRAGMA incremental_vacuum(1000)",
  deadLetters: `${RECORD}
    WHERE outcome = 'dead' AND
      ($before IS NULL OR seq < (SELECT seq FROM invocations WHERE call_id = $before))
    ORDER BY seq DESC LIMIT $limit`,
  dead: "SELECT seq FROM invocations WHERE outcome = 'dead' AND call_id = ?",
  allDead: "SELECT seq FROM invocations WHERE outcome = 'dead'",
};
