import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** What a drain says as it goes: each step once, in this order; `terminating` only if something remains. */
export type DrainStep = "not-ready" | "closing" | "terminating" | "drained";

export interface DrainOptions {
  readonly server: Server;
  /** Between "not ready" and the closing of the listener, if it is not said otherwise: a load balancer needs it to look elsewhere. */
  readonly graceMs: number;
  /** Bounds the stop from its beginning; 0 is no limit. */
  readonly timeoutMs: number;
  /** How much is being answered. */
  inFlight(): number;
  /** Ends what remains, at once. Never rejects. */
  terminate(): Promise<void>;
  /** A step begins. What makes the server not ready belongs to the first. */
  onStep(step: DrainStep, inFlight: number): void;
}

export interface Drain {
  /** Newcomers are still served, but each connection ends with its answer. */
  readonly begun: boolean;
  /**
   * Begins to stop; called again, ends the step that is going on. Always the same promise: all is over, and so much had to
   * be terminated.
   */
  advance(graceMs?: number): Promise<number>;
}

export function createDrain(options: DrainOptions): Drain {
  return new ServerDrain(options);
}

const POLL_MS = 10;
/** How long what was terminated has to say so, and how long a client that says nothing may keep its connection. */
const LEAVING_MS = 1_000;

class ServerDrain implements Drain {
  readonly #options: DrainOptions;
  /** Aborted by whoever is in a hurry. */
  #step = new AbortController();
  #over: Promise<number> | undefined;
  #isClosed = false;

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  get begun(): boolean {
    return this.#over !== undefined;
  }

  advance(graceMs = this.#options.graceMs): Promise<number> {
    if (this.#over === undefined) {
      // Begun before the first step runs: an answer that is under way already says that it is the connection's last.
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      this.#over = promise;
      this.#run(graceMs).then(resolve, reject);
    } else {
      this.#step.abort();
    }
    return this.#over;
  }

  async #run(graceMs: number): Promise<number> {
    const { timeoutMs, onStep, inFlight } = this.#options;
    const limitMs = timeoutMs === 0 ? Number.POSITIVE_INFINITY : timeoutMs;
    const deadline = performance.now() + limitMs;
    onStep("not-ready", inFlight());
    await this.#wait(Math.min(graceMs, limitMs), () => false);
    onStep("closing", inFlight());
    this.#closeListener();
    await this.#wait(deadline - performance.now(), () => inFlight() === 0);
    const remaining = inFlight();
    if (remaining > 0) await this.#terminate(remaining);
    await this.#closeConnections();
    onStep("drained", inFlight());
    return remaining;
  }

  #closeListener(): void {
    this.#options.server.close(() => {
      this.#isClosed = true;
    });
  }

  async #terminate(remaining: number): Promise<void> {
    const { onStep, terminate, inFlight } = this.#options;
    onStep("terminating", remaining);
    let isTerminated = false;
    void terminate().then(() => {
      isTerminated = true;
    });
    await this.#wait(LEAVING_MS, () => isTerminated && inFlight() === 0);
  }

  /** All is answered. What is left are answers on their way to the client, and clients that have not asked anything yet. */
  async #closeConnections(): Promise<void> {
    await this.#wait(LEAVING_MS, () => this.#isClosed);
    this.#options.server.closeAllConnections();
  }

  /** Until it is over, the time is, or somebody is in a hurry. */
  async #wait(limitMs: number, isOver: () => boolean): Promise<void> {
    const { server } = this.#options;
    this.#step = new AbortController();
    const { signal } = this.#step;
    const end = performance.now() + limitMs;
    while (!isOver() && !signal.aborted && performance.now() < end) {
      // Node warns of a negative time on stderr, and the end may be over since the loop looked.
      const leftMs = Math.max(0, Math.min(POLL_MS, end - performance.now()));
      await sleep(leftMs, undefined, { signal }).catch(() => {});
      // A connection that was kept is idle once its answer has been sent.
      if (!server.listening) server.closeIdleConnections();
    }
  }
}
