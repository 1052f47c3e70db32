import type {
  Answer,
  CallbackClaim,
  Claim,
  Due,
  InvocationRecord,
  Lease,
  Queue,
  QueueStats,
  Settlement,
  Stage,
  Submission,
} from "../queue.ts";
import { DEFAULT_RETENTION, type Retention } from "../retention.ts";
import { away, closed, toQueueError } from "./failures.ts";
import { toRecord } from "./invocation.ts";
import { Keeping } from "./keeping.ts";
import { Link, type LinkOptions } from "./link.ts";
import type { NatsAddress, Session } from "./session.ts";
import { Store } from "./store.ts";

export interface NatsQueueOptions
  extends Partial<Retention>,
    Partial<Pick<LinkOptions, "patienceMs" | "onLost" | "warn" | "inform">> {
  readonly address: NatsAddress;
}

const DEFAULTS = Object.freeze({
  ...DEFAULT_RETENTION,
  patienceMs: 120_000,
  onLost: () => {},
  warn: () => {},
  inform: () => {},
});
const SWEEP_MS = 60_000;
/** What has run waits so long for NATS to come back; whoever settles asks again then. */
const SETTLE_WAIT_MS = 5_000;

/**
 * Opens a queue in JetStream, which several gateways may share. Where NATS is away it is waited for, up to `patienceMs`
 * (`onLost`), and for ever once it was there; meanwhile all that is asked rejects with `away`, and nothing is due.
 * Rejects with `newer` and `unusable`.
 *
 * What is accepted has been acknowledged by JetStream, with file storage: the server has handed it to its kernel, and with
 * several replicas so has the greater half of them. That survives `kill -9` of servers and gateways. It is on the disk only
 * when the server has synced it, which it does every two minutes by default (`sync_interval`; `always` in newer ones): a
 * loss of power of the one server, or of the greater half at once, can lose what was accepted since.
 */
export async function openNatsQueue(options: NatsQueueOptions): Promise<Queue> {
  const queue = new NatsQueue({ ...DEFAULTS, ...options });
  try {
    await queue.firstTry;
    return queue;
  } catch (error) {
    await queue.close();
    throw error;
  }
}

class NatsQueue implements Queue {
  readonly survivesPowerLoss = false;
  readonly #options: Required<NatsQueueOptions>;
  readonly #link: Link;
  readonly #watchers = new Set<() => void>();
  readonly #asked = new Set<Promise<unknown>>();
  readonly #sweeping: NodeJS.Timeout;
  #work: Work | undefined;
  #isClosed = false;

  constructor(options: Required<NatsQueueOptions>) {
    this.#options = options;
    this.#link = new Link({
      ...options,
      onNews: () => this.#tellWatchers(),
      onOpen: (session) => this.#begin(session),
    });
    this.#sweeping = setInterval(() => void this.#work?.keeping.sweep(), SWEEP_MS).unref();
  }

  get firstTry(): Promise<void> {
    return this.#link.firstTry;
  }

  async enqueue(submission: Submission): Promise<boolean> {
    const isNew = await this.#ask(({ store }) => store.enqueue(submission));
    if (isNew) this.#tellWatchers();
    return isNew;
  }

  /** Nothing, while NATS is away: who asks is told when it is back. */
  async due(stage: Stage): Promise<Due> {
    if (this.#isClosed) throw closed();
    const session = this.#link.session;
    return session?.ledger.lines[stage].due() ?? { lines: [], nextMs: undefined };
  }

  claim(line: string, limit: number, leaseMs: number): Promise<Claim[]> {
    return this.#ask(({ store }) => store.claims.invocations(line, limit, leaseMs));
  }

  claimCallbacks(line: string, limit: number, leaseMs: number): Promise<CallbackClaim[]> {
    return this.#ask(({ store }) => store.claims.callbacks(line, limit, leaseMs));
  }

  renew(leases: readonly Lease[], leaseMs: number): Promise<Lease[]> {
    return this.#ask(({ store }) => store.renew(leases, leaseMs));
  }

  async settle(lease: Lease, settlement: Settlement): Promise<boolean> {
    if (!this.#isClosed) await this.#link.whenOpen(SETTLE_WAIT_MS);
    const isSettled = await this.#ask(({ store }) => store.settle(lease, settlement));
    if (isSettled) this.#tellWatchers();
    void this.#work?.keeping.sweep();
    return isSettled;
  }

  find(callId: string): Promise<InvocationRecord | undefined> {
    return this.#ask(({ store }) => store.find(callId));
  }

  answer(callId: string): Promise<Answer | undefined> {
    return this.#ask(({ store }) => store.answer(callId));
  }

  deadLetters(limit: number, before?: string): Promise<InvocationRecord[]> {
    return this.#ask(async ({ session: { ledger } }) =>
      ledger.deadLetters(before).slice(0, limit).map(toRecord),
    );
  }

  async redrive(callIds: readonly string[] | "all"): Promise<number> {
    const count = await this.#ask(({ keeping }) => keeping.redrive(callIds));
    if (count > 0) this.#tellWatchers();
    return count;
  }

  discard(callIds: readonly string[] | "all"): Promise<number> {
    return this.#ask(({ keeping }) => keeping.discard(callIds));
  }

  stats(): Promise<QueueStats> {
    return this.#ask(async ({ session }) => session.ledger.stats());
  }

  watch(onDue: () => void): () => void {
    this.#watchers.add(onDue);
    return () => this.#watchers.delete(onDue);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#sweeping);
    await Promise.allSettled(this.#asked);
    await this.#work?.keeping.sweep();
    await this.#work?.store.changes.idle();
    await this.#link.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #begin(session: Session): void {
    const store = new Store(session);
    const keeping = new Keeping(session, store.changes, this.#options);
    this.#work = { session, store, keeping };
    void keeping.tidy().then(() => keeping.sweep());
  }

  async #ask<Value>(act: (work: Work) => Promise<Value>): Promise<Value> {
    if (this.#isClosed) throw closed();
    const { session } = this.#link;
    const work = this.#work;
    if (session === undefined || work?.session !== session) throw away();
    const asked = act(work);
    this.#asked.add(asked);
    try {
      return await asked;
    } catch (error) {
      throw toQueueError(error, session);
    } finally {
      this.#asked.delete(asked);
    }
  }

  #tellWatchers(): void {
    for (const onDue of this.#watchers) onDue();
  }
}

/** What is done over one session. */
interface Work {
  readonly session: Session;
  readonly store: Store;
  readonly keeping: Keeping;
}
