import type { LogRecord } from "./log-records.ts";

/** More than this for a follower who does not read are dropped, the oldest first. */
const HELD_RECORDS = 10_000;

/** Whoever wants to be told what a function's replicas write from now on. */
export class LogFollowers {
  readonly #followers = new Set<Follower>();

  tell(record: LogRecord): void {
    for (const follower of this.#followers) follower.tell(record);
  }

  /** There is nothing to follow any more. */
  end(): void {
    for (const follower of this.#followers) follower.end();
  }

  /** From this call on, until the signal. Who leaves earlier closes it. */
  follow(signal: AbortSignal | undefined): Follower {
    const follower = new Follower(() => this.#followers.delete(follower));
    this.#followers.add(follower);
    signal?.addEventListener("abort", () => follower.end(), { once: true });
    if (signal?.aborted) follower.end();
    return follower;
  }
}

export class Follower {
  readonly #leave: () => void;
  #held: LogRecord[] = [];
  #dropped = 0;
  #isEnded = false;
  #wake = (): void => {};

  constructor(leave: () => void) {
    this.#leave = leave;
  }

  tell(record: LogRecord): void {
    if (this.#held.length >= HELD_RECORDS) {
      this.#held = this.#held.slice(HELD_RECORDS / 2);
      this.#dropped += HELD_RECORDS / 2;
    }
    this.#held.push(record);
    this.#wake();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  close(): void {
    this.#leave();
    this.end();
  }

  async *records(): AsyncGenerator<LogRecord> {
    for (;;) {
      const held = this.#take();
      yield* held;
      if (held.length > 0) continue;
      if (this.#isEnded) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #take(): LogRecord[] {
    const held = this.#held;
    const [first] = held;
    this.#held = [];
    if (this.#dropped === 0 || first === undefined) return held;
    const text = `(${this.#dropped} lines were dropped: they came faster than they were read)`;
    this.#dropped = 0;
    return [{ ...first, text }, ...held];
  }
}
