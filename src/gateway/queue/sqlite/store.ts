import type { DatabaseSync, StatementSync } from "node:sqlite";
import { NoRoom } from "../../../core/no-room.ts";
import {
  type CallbackClaim,
  type Claim,
  callbackLine,
  type Due,
  functionOfLine,
  type Lease,
  lineOfFunction,
  type QueueStats,
  type Settlement,
  type Stage,
  type Submission,
} from "../queue.ts";
import type { Retention } from "../retention.ts";
import { Archive } from "./archive.ts";
import { type LeasedRow, type RequestRow, toCallbackClaim, toClaim } from "./rows.ts";
import { prepareStatements } from "./statements.ts";
import { STATEMENTS } from "./work-statements.ts";

export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How many bytes can be written yet where the database is. */
  readonly room: () => number;
}

/**
 * What has been accepted needs room to run, which frees what it takes: on a disk that newcomers have filled to the last byte
 * nothing would ever run again.
 */
const RESERVE_BYTES = 16 * 1024 * 1024;

/**
 * The queue in one database: each method reads or writes at once, and has whoever calls it open the transaction. Times are
 * the wall clock's, since they outlive the process.
 */
export class Store {
  readonly archive: Archive;
  readonly #now: () => number;
  readonly #room: () => number;
  readonly #statements: Readonly<Record<keyof typeof STATEMENTS, StatementSync>>;

  constructor(database: DatabaseSync, limits: Retention, { now, room }: Surroundings) {
    this.#now = now;
    this.#room = room;
    this.#statements = prepareStatements(database, STATEMENTS);
    this.archive = new Archive(database, limits, now);
  }

  enqueue({ callId, function: id, request, callbackUrl, delayMs }: Submission): boolean {
    if (this.#room() < request.body.byteLength + RESERVE_BYTES)
      throw new NoRoom("the disk is full");
    const now = this.#now();
    const { changes, lastInsertRowid } = this.#statements.enqueue.run({
      callId,
      name: id.name,
      namespace: id.namespace,
      line: lineOfFunction(id),
      dueAt: now + Math.max(0, Math.ceil(delayMs)),
      now,
      callbackUrl: callbackUrl ?? null,
      callback: callbackUrl === undefined ? "none" : "waiting",
    });
    if (changes === 0) return false;
    const { body, ...head } = request;
    this.#statements.keepRequest.run(lastInsertRowid, JSON.stringify(head), body);
    return true;
  }

  /** Leaps from line to line, so that it takes no longer where many stand in one. */
  due(stage: Stage): Due {
    const now = this.#now();
    const lines: string[] = [];
    let next = Number.POSITIVE_INFINITY;
    let row = this.#statements.firstOfNextLine.get(stage, "") as FirstRow | undefined;
    while (row !== undefined) {
      if (row.due_at <= now) lines.push(row.line);
      else next = Math.min(next, row.due_at);
      row = this.#statements.firstOfNextLine.get(stage, row.line) as FirstRow | undefined;
    }
    return { lines, nextMs: Number.isFinite(next) ? next - now : undefined };
  }

  claim(line: string, limit: number, leaseMs: number): Claim[] {
    return this.#lease("invocation", line, limit, leaseMs).map((row) =>
      toClaim(row, this.#statements.request.get(row.seq) as unknown as RequestRow),
    );
  }

  claimCallbacks(line: string, limit: number, leaseMs: number): CallbackClaim[] {
    return this.#lease("callback", line, limit, leaseMs).map((row) =>
      toCallbackClaim(row, this.archive.answerOf(row.seq)),
    );
  }

  renew(leases: readonly Lease[], leaseMs: number): Lease[] {
    const end = this.#now() + leaseMs;
    return leases.filter((lease) => {
      const [seq, fence] = parseLease(lease);
      return this.#statements.renew.run(end, seq, fence).changes === 0;
    });
  }

  /** All there are: what they were of can be claimed now, before what came behind it. */
  endLeases(): void {
    this.#statements.endLeases.run();
  }

  settle(lease: Lease, settlement: Settlement): boolean {
    const [seq, fence] = parseLease(lease);
    const row = this.#statements.leased.get(seq, fence) as HeldRow | undefined;
    if (row === undefined) return false;
    if (settlement.kind === "retry") this.#putOff(seq, row.stage, settlement);
    else if (row.stage === "callback") this.#endCallback(seq, settlement);
    else this.#finish(seq, row.callback_url, settlement);
    return true;
  }

  stats(): QueueStats {
    const now = this.#now();
    const lines = this.#statements.depths.all() as unknown as { line: string; depth: number }[];
    const counts = this.#statements.counts.get(now) as Record<string, number | null>;
    return {
      depth: lines.reduce((sum, { depth }) => sum + depth, 0),
      running: Number(counts.running),
      oldestMs: counts.oldest === null ? 0 : Math.max(0, now - Number(counts.oldest)),
      deadLetters: Number(counts.dead),
      callbacks: Number(counts.callbacks),
      depths: lines.map(({ line, depth }) => ({ ...functionOfLine(line), depth })),
    };
  }

  /** Their attempts go on counting, so that nobody takes them for the first. */
  redrive(callIds: readonly string[] | "all"): number {
    return this.archive.eachDead(callIds, (seq) => {
      this.#statements.redrive.run(this.#now(), seq);
      this.archive.dropAnswer(seq);
    });
  }

  #lease(stage: Stage, line: string, limit: number, leaseMs: number): LeasedRow[] {
    const now = this.#now();
    const rows = this.#statements.dueOfLine.all(stage, line, now, limit);
    const lease = stage === "callback" ? this.#statements.leaseCallback : this.#statements.lease;
    return rows.map(({ seq }) => lease.get(now + leaseMs, seq as number) as unknown as LeasedRow);
  }

  #putOff(seq: number, stage: Stage, retry: Settlement & { kind: "retry" }): void {
    const statement =
      stage === "callback" ? this.#statements.putCallbackOff : this.#statements.putOff;
    const dueAt = this.#now() + Math.max(0, Math.ceil(retry.delayMs));
    statement.run(dueAt, retry.reason, retry.isCounted ? 0 : 1, seq);
  }

  #endCallback(seq: number, settlement: Exclude<Settlement, { kind: "retry" }>): void {
    const isDelivered = settlement.kind === "completed";
    const reason = settlement.kind === "dead" ? settlement.reason : null;
    this.#statements.endCallback.run(isDelivered ? "delivered" : "failed", reason, seq);
    this.archive.noteEnded(seq);
  }

  #finish(
    seq: number,
    callbackUrl: string | null,
    settlement: Exclude<Settlement, { kind: "retry" }>,
  ): void {
    const now = this.#now();
    this.#statements.finish.run({
      seq,
      now,
      outcome: settlement.kind,
      reason: settlement.kind === "dead" ? settlement.reason : null,
      stage: callbackUrl === null ? "invocation" : "callback",
      line: callbackUrl === null ? null : callbackLine(callbackUrl),
      callback: callbackUrl === null ? "none" : "pending",
    });
    if (settlement.kind === "completed") this.#statements.dropRequest.run(seq);
    if (settlement.answer !== undefined) this.archive.keepAnswer(seq, settlement.answer);
    if (callbackUrl === null) this.archive.noteEnded(seq);
  }
}

interface FirstRow {
  readonly line: string;
  readonly due_at: number;
}

interface HeldRow {
  readonly stage: Stage;
  readonly callback_url: string | null;
}

function parseLease(lease: Lease): [seq: number, fence: number] {
  const [seq, fence] = lease.split(".");
  return [Number(seq), Number(fence)];
}
