import type {
  Answer,
  CallbackClaim,
  Claim,
  Due,
  InvocationRecord,
  Lease,
  Queue,
  QueueError,
  QueueStats,
  Settlement,
  Stage,
  Submission,
} from "../queue.ts";
import { DEFAULT_RETENTION, type Retention } from "../retention.ts";
import { ThreadClient } from "./thread-client.ts";

export interface SqliteQueueOptions extends Partial<Retention> {
  /** Made where it is missing, with its folder. */
  readonly file: string;
  /**
   * Whoever had the file before is gone, and nobody else has it: what was leased is free at once, instead of when its lease
   * runs out. It counts as a try, since it had begun. @defaultValue false
   */
  readonly endsLeases?: boolean;
  /** Its thread has ended by itself: whatever is asked of it from now on rejects. */
  readonly onLost?: (error: QueueError) => void;
}

const DEFAULTS = Object.freeze({
  ...DEFAULT_RETENTION,
  endsLeases: false,
  onLost: () => {},
});
const SWEEP_MS = 60_000;
const SWEEP_COUNT = 1_000;

/** Rejects with `newer` where a newer program has written the file, and `unusable` where it cannot be opened. */
export async function openSqliteQueue(options: SqliteQueueOptions): Promise<Queue> {
  const { file, endsLeases, onLost, ...limits } = { ...DEFAULTS, ...options };
  return new SqliteQueue(await ThreadClient.open({ file, endsLeases, limits }, onLost));
}

/** A queue in one SQLite file. */
class SqliteQueue implements Queue {
  readonly survivesPowerLoss = true;
  readonly #thread: ThreadClient;
  readonly #watchers = new Set<() => void>();
  readonly #sweeping: NodeJS.Timeout;

  constructor(thread: ThreadClient) {
    this.#thread = thread;
    this.#sweeping = setInterval(() => void this.#sweep(), SWEEP_MS).unref();
    void this.#sweep();
  }

  async enqueue(submission: Submission): Promise<boolean> {
    const isNew = await this.#thread.call("enqueue", [submission], submission.request.body);
    // With a delay, too: it may be due before all others.
    if (isNew) this.#tellWatchers();
    return isNew;
  }

  due(stage: Stage): Promise<Due> {
    return this.#thread.call("due", [stage]);
  }

  claim(line: string, limit: number, leaseMs: number): Promise<Claim[]> {
    return this.#thread.call("claim", [line, limit, leaseMs]);
  }

  claimCallbacks(line: string, limit: number, leaseMs: number): Promise<CallbackClaim[]> {
    return this.#thread.call("claimCallbacks", [line, limit, leaseMs]);
  }

  renew(leases: readonly Lease[], leaseMs: number): Promise<Lease[]> {
    return this.#thread.call("renew", [leases, leaseMs]);
  }

  async settle(lease: Lease, settlement: Settlement): Promise<boolean> {
    const isSettled = await this.#thread.call("settle", [lease, settlement]);
    if (isSettled) this.#tellWatchers();
    return isSettled;
  }

  find(callId: string): Promise<InvocationRecord | undefined> {
    return this.#thread.call("find", [callId]);
  }

  answer(callId: string): Promise<Answer | undefined> {
    return this.#thread.call("answer", [callId]);
  }

  deadLetters(limit: number, before?: string): Promise<InvocationRecord[]> {
    return this.#thread.call("deadLetters", [limit, before]);
  }

  async redrive(callIds: readonly string[] | "all"): Promise<number> {
    const count = await this.#thread.call("redrive", [callIds]);
    if (count > 0) this.#tellWatchers();
    return count;
  }

  discard(callIds: readonly string[] | "all"): Promise<number> {
    return this.#thread.call("discard", [callIds]);
  }

  stats(): Promise<QueueStats> {
    return this.#thread.call("stats", []);
  }

  watch(onDue: () => void): () => void {
    this.#watchers.add(onDue);
    return () => this.#watchers.delete(onDue);
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    await this.#thread.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #tellWatchers(): void {
    for (const onDue of this.#watchers) onDue();
  }

  /** What cannot be swept now is swept later; whoever writes finds out why by himself. */
  async #sweep(): Promise<void> {
    try {
      while ((await this.#thread.call("sweep", [SWEEP_COUNT])) === SWEEP_COUNT);
    } catch {}
  }
}
