import { setTimeout as delay } from "node:timers/promises";
import type { Lease, Queue, Settlement } from "./queue.ts";

const SETTLE_AGAIN_MS = 1_000;

/** The leases of what runs here, renewed long before they run out. */
export class Leases {
  readonly #queue: Queue;
  readonly #leaseMs: number;
  readonly #onError: (error: Error) => void;
  readonly #held = new Map<Lease, AbortController>();
  readonly #timer: NodeJS.Timeout;
  /** By the wall clock, which goes on while the machine sleeps. */
  #renewedAt = Date.now();

  constructor(queue: Queue, leaseMs: number, onError: (error: Error) => void) {
    this.#queue = queue;
    this.#leaseMs = leaseMs;
    this.#onError = onError;
    this.#timer = setInterval(() => void this.#renew().catch(onError), leaseMs / 3).unref();
  }

  /** The signal it returns is aborted when the lease has been lost. */
  hold(lease: Lease): AbortSignal {
    const controller = new AbortController();
    this.#held.set(lease, controller);
    return controller.signal;
  }

  release(lease: Lease): void {
    this.#held.delete(lease);
  }

  /** For whoever is about to claim. Rejects where the queue does. */
  async renewOverdue(): Promise<void> {
    if (Date.now() - this.#renewedAt > this.#leaseMs / 2) await this.#renew();
  }

  /**
   * Goes on until it is written, keeping the lease: what has run must not run again because a disk was full for a moment.
   * When the signal comes it is tried once more at most. Never rejects.
   */
  async settle(lease: Lease, settlement: Settlement, closing: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await this.#queue.settle(lease, settlement);
        return;
      } catch (error) {
        this.#onError(error as Error);
        if (closing.aborted) return;
        await delay(SETTLE_AGAIN_MS, undefined, { signal: closing }).catch(() => {});
      }
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #renew(): Promise<void> {
    const leases = [...this.#held.keys()];
    const renewedAt = Date.now();
    const lost = leases.length === 0 ? [] : await this.#queue.renew(leases, this.#leaseMs);
    this.#renewedAt = renewedAt;
    for (const lease of lost) {
      this.#held.get(lease)?.abort(new Error("its lease was lost"));
    }
  }
}
