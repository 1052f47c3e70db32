import {
  type Answer,
  type CallbackClaim,
  type Claim,
  type InvocationRecord,
  type InvocationState,
  type Lease,
  type QueuedRequest,
  unreachable,
} from "../queue.ts";

/** What the database says, in its own words, and what that means. */
export interface LeasedRow {
  readonly seq: number;
  readonly fence: number;
  readonly call_id: string;
  readonly name: string;
  readonly namespace: string;
  readonly callback_url: string | null;
  readonly attempt: number;
  readonly tries: number;
}

export interface RequestRow {
  readonly head: string;
  readonly body: Uint8Array;
}

export interface AnswerRow {
  readonly status: number;
  readonly duration_ms: number;
  readonly headers: string;
  readonly body: Uint8Array;
}

export interface InvocationRow {
  readonly call_id: string;
  readonly name: string;
  readonly namespace: string;
  readonly due_at: number;
  readonly is_leased: number;
  readonly attempt: number;
  readonly queued_at: number;
  readonly outcome: "completed" | "dead" | null;
  readonly finished_at: number | null;
  readonly reason: string | null;
  readonly callback: InvocationRecord["callback"];
  readonly callback_reason: string | null;
  readonly status: number | null;
  readonly duration_ms: number | null;
}

export function toClaim(row: LeasedRow, { head, body }: RequestRow): Claim {
  return { ...toLeased(row), request: { ...JSON.parse(head), body } as QueuedRequest };
}

/** What has no answer, because the function never gave one, is told as one that could not be reached. */
export function toCallbackClaim(row: LeasedRow, answer: Answer | undefined): CallbackClaim {
  return { ...toLeased(row), url: row.callback_url as string, answer: answer ?? unreachable() };
}

function toLeased({ seq, fence, call_id, name, namespace, attempt, tries }: LeasedRow) {
  const lease: Lease = `${seq}.${fence}`;
  return { lease, callId: call_id, function: { name, namespace }, attempt, tries };
}

export function toAnswer({ status, duration_ms, headers, body }: AnswerRow): Answer {
  return { status, headers: JSON.parse(headers), body, durationMs: duration_ms };
}

export function toRecord(row: InvocationRow, now: number): InvocationRecord {
  return {
    callId: row.call_id,
    function: { name: row.name, namespace: row.namespace },
    state: stateOf(row, now),
    attempt: row.attempt,
    queuedAt: new Date(row.queued_at),
    finishedAt: row.finished_at === null ? undefined : new Date(row.finished_at),
    status: row.status ?? undefined,
    durationMs: row.duration_ms ?? undefined,
    reason: row.reason ?? undefined,
    callback: row.callback,
    callbackReason: row.callback_reason ?? undefined,
  };
}

/** A lease that has run out is nobody's: it waits to be claimed again. */
function stateOf({ outcome, due_at, is_leased }: InvocationRow, now: number): InvocationState {
  if (outcome !== null) return outcome;
  if (due_at <= now) return "queued";
  return is_leased === 1 ? "running" : "delayed";
}
