/** What has been asked of a function since the gateway started, and how that is now. Whole numbers only grow. */
export interface FunctionLoad {
  /** Requests that got a replica, whatever their answers were, and those that were refused. */
  readonly arrived: number;
  /** Of these, those that got none, or only after the longest wait that is wanted. */
  readonly late: number;
  /** Of these, those that got none. */
  readonly refused: number;
  /** How long requests were with a replica, all together and until now, in milliseconds. */
  readonly busyMs: number;
  /** They are with a replica. */
  readonly inFlight: number;
  /** They have no replica yet. */
  readonly waiting: number;
  /** Of whoever waits longest; 0: nobody waits. */
  readonly longestWaitMs: number;
}

/** A request that has no replica yet: ends with one of the two, once. */
export interface WaitingRequest {
  /** It has one now, as after `LoadCounter.begin`. */
  begin(): void;
  /** It will have none. `isRefused` false: it left by itself, and nothing was missing. */
  leave(isRefused: boolean): void;
}

/** A wait that is longer asks for more replicas. */
export const WANTED_WAIT_MS = 100;

/** Counts what is asked of one function. Every request that goes through costs a few additions, no object. */
export class LoadCounter implements FunctionLoad {
  arrived = 0;
  late = 0;
  refused = 0;
  inFlight = 0;
  readonly #now: () => number;
  /** Since when each waits, the oldest first. */
  readonly #waiting = new Map<WaitingRequest, number>();
  #busyMs = 0;
  #busyUntil = 0;

  /** `now` in milliseconds that only grow. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get busyMs(): number {
    this.#addBusy();
    return this.#busyMs;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get longestWaitMs(): number {
    for (const since of this.#waiting.values()) return this.#now() - since;
    return 0;
  }

  /** A request is with a replica, and had not to wait. */
  begin(): void {
    this.#addBusy();
    this.inFlight++;
    this.arrived++;
  }

  /** A request that began is over, whatever its answer was. */
  end(): void {
    this.#addBusy();
    this.inFlight--;
  }

  /** A request gets no replica, and need not wait for one. */
  refuse(): void {
    this.arrived++;
    this.late++;
    this.refused++;
  }

  wait(): WaitingRequest {
    const request: WaitingRequest = {
      begin: () => {
        const waitedMs = this.#endWait(request);
        if (waitedMs === undefined) return;
        if (waitedMs > WANTED_WAIT_MS) this.late++;
        this.begin();
      },
      leave: (isRefused) => {
        if (this.#endWait(request) !== undefined && isRefused) this.refuse();
      },
    };
    this.#waiting.set(request, this.#now());
    return request;
  }

  /** `undefined`: it has ended already. */
  #endWait(request: WaitingRequest): number | undefined {
    const since = this.#waiting.get(request);
    this.#waiting.delete(request);
    return since === undefined ? undefined : this.#now() - since;
  }

  #addBusy(): void {
    const now = this.#now();
    this.#busyMs += this.inFlight * (now - this.#busyUntil);
    this.#busyUntil = now;
  }
}

/** Of a function that nobody has asked anything. */
export const NO_LOAD: FunctionLoad = Object.freeze({
  arrived: 0,
  late: 0,
  refused: 0,
  busyMs: 0,
  inFlight: 0,
  waiting: 0,
  longestWaitMs: 0,
});
