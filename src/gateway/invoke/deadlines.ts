import { LONGEST_TIMER_MS } from "../../core/duration.ts";

/** Whoever may take no longer than a limit says. */
export interface Limited {
  onDeadlinePassed(): void;
}

/** All that have the same limit: who begins first is late first, so that one timer does for all of them. */
export class Deadlines {
  readonly limitMs: number;
  /** By when; in the order in which they began. */
  readonly #ends = new Map<Limited, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number) {
    this.limitMs = limitMs;
  }

  /** From now on, whether it had begun before or not. */
  start(limited: Limited): void {
    this.#ends.delete(limited);
    this.#ends.set(limited, performance.now() + this.limitMs);
    if (this.#timer === undefined) this.#wait(this.limitMs);
  }

  end(limited: Limited): void {
    // The timer stays: mostly somebody else begins before it fires.
    this.#ends.delete(limited);
  }

  #wait(ms: number): void {
    const waitMs = Math.min(Math.max(Math.ceil(ms), 1), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#look(), waitMs).unref();
  }

  /** The old timer stays in its place meanwhile: whoever begins while others are told must not set one. */
  #look(): void {
    const now = performance.now();
    for (const [limited, end] of this.#ends) {
      if (end > now) {
        this.#wait(end - now);
        return;
      }
      this.#ends.delete(limited);
      limited.onDeadlinePassed();
    }
    this.#timer = undefined;
  }
}
