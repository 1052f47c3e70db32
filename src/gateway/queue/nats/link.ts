import { setTimeout as delay } from "node:timers/promises";
import { AuthorizationError } from "@nats-io/transport-node";
import { Backoff } from "../../../core/backoff.ts";
import { QueueError } from "../queue.ts";
import { type NatsAddress, Session } from "./session.ts";

export interface LinkOptions {
  readonly address: NatsAddress;
  /** How long the first connection may take. */
  readonly patienceMs: number;
  /** Somebody has written something, or everything is known anew. */
  readonly onNews: () => void;
  readonly onOpen: (session: Session) => void;
  /** It never came, or what it has cannot be used. */
  readonly onLost: (error: QueueError) => void;
  readonly warn: (message: string) => void;
  readonly inform: (message: string) => void;
}

const LONGEST_PAUSE_MS = 2_000;
/** How often it is said that it is still away. */
const SAY_MS = 10_000;

/** Keeps a session with NATS, one after the other, and says so when there is none. */
export class Link {
  readonly #options: LinkOptions;
  readonly #closing = new AbortController();
  readonly #firstTry = Promise.withResolvers<void>();
  readonly #done: Promise<void>;
  #session: Session | undefined;
  #opened = Promise.withResolvers<void>();
  #wasOpen = false;
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#done = this.#stay();
  }

  /** `undefined`: it is away. */
  get session(): Session | undefined {
    return this.#session?.isOpen ? this.#session : undefined;
  }

  /** Resolves when it has been tried once. Rejects where there is no use in going on. */
  get firstTry(): Promise<void> {
    return this.#firstTry.promise;
  }

  /** Resolves when there is one, or the time is over. */
  async whenOpen(limitMs: number): Promise<void> {
    if (this.session !== undefined) return;
    const over = new AbortController();
    const { signal } = over;
    await Promise.race([
      this.#opened.promise,
      delay(limitMs, undefined, { signal }).catch(() => {}),
    ]);
    over.abort();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#session?.close();
    await this.#done;
  }

  async #stay(): Promise<void> {
    const begun = performance.now();
    let backoff = new Backoff(LONGEST_PAUSE_MS);
    while (!this.#closing.signal.aborted) {
      const failure = await this.#liveOnce();
      if (failure === undefined) backoff = new Backoff(LONGEST_PAUSE_MS);
      else if (this.#isHopeless(failure, begun)) return;
      this.#firstTry.resolve();
      const { signal } = this.#closing;
      await delay(backoff.next(0), undefined, { signal }).catch(() => {});
    }
  }

  /** From one connection to its end. Resolves with why there was none. */
  async #liveOnce(): Promise<Error | undefined> {
    const { address, onNews, onOpen, inform } = this.#options;
    let session: Session;
    try {
      session = await Session.open(address, onNews);
    } catch (error) {
      return error as Error;
    }
    if (this.#closing.signal.aborted) await session.close();
    this.#session = session;
    if (this.#wasOpen) inform(`NATS at ${this.#name} is back`);
    this.#wasOpen = true;
    onOpen(session);
    this.#firstTry.resolve();
    this.#opened.resolve();
    onNews();
    const reason = await session.ended;
    this.#opened = Promise.withResolvers();
    this.#session = undefined;
    if (!this.#closing.signal.aborted) this.#say(reason);
    return undefined;
  }

  /** What is wrong with us, and not with NATS, is told at once; what is away at the start may still be starting. */
  #isHopeless(failure: Error, begun: number): boolean {
    const { patienceMs, onLost } = this.#options;
    if (this.#closing.signal.aborted) return false;
    const isOurs = failure instanceof QueueError || failure instanceof AuthorizationError;
    const isOver = performance.now() - begun > patienceMs;
    if (this.#wasOpen || !(isOurs || isOver)) {
      if (performance.now() - this.#saidAt > SAY_MS) this.#say(failure);
      return false;
    }
    const error =
      failure instanceof QueueError
        ? failure
        : new QueueError("unusable", `NATS at ${this.#name} cannot be used: ${tell(failure)}`);
    this.#firstTry.reject(error);
    onLost(error);
    return true;
  }

  #say(failure: Error): void {
    this.#saidAt = performance.now();
    const { warn } = this.#options;
    warn(`NATS at ${this.#name} is away, nothing can be queued: ${tell(failure)}`);
  }

  get #name(): string {
    const { host, port } = this.#options.address;
    return `${host}:${port}`;
  }
}

/** The client's own words are often about the client. */
function tell(error: Error): string {
  const causes = [error, error.cause].filter((one): one is Error => one instanceof Error);
  return causes.map(({ message }) => message).join(": ");
}
