/** A request that has no replica yet: ends with one of the two, once. */
export interface WaitingShare {
  /** It has one now. */
  begin(): void;
  /** It will have none. `isRefused` false: it left by itself, and nothing was missing. */
  leave(isRefused: boolean): void;
}

/** What is asked of one function's replicas, for whoever decides how many there are to be. */
export interface LoadSink {
  /** A request is with a replica, and had not to wait. */
  begin(): void;
  /** One that began is over. */
  end(): void;
  wait(): WaitingShare;
}

/** What one invocation is of its function's load, however many replicas it is sent to. */
export class LoadShare {
  readonly #sink: LoadSink;
  #waiting: WaitingShare | undefined;
  #hasBegun = false;

  constructor(sink: LoadSink) {
    this.#sink = sink;
  }

  wait(): void {
    if (!this.#hasBegun) this.#waiting ??= this.#sink.wait();
  }

  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    (this.#waiting ?? this.#sink).begin();
  }

  /** Once. */
  end(isRefused: boolean): void {
    if (this.#hasBegun) this.#sink.end();
    else this.#waiting?.leave(isRefused);
  }
}
