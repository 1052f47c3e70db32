import type { Admission, Refusal, Waiter } from "./admission.ts";

/** What an invocation does when it gets a place, or none. */
export interface PlaceReceiver {
  onPlace(): void;
  onRefused(refusal: Refusal): void;
}

/** One invocation's place: not there yet, waited for, or taken; given back exactly once. */
export class Place implements Waiter {
  /** For how long it was waited for, if it was. */
  waitedMs: number | undefined;
  readonly #admission: Admission;
  #receiver: PlaceReceiver | undefined;
  #caller = "";
  #isTaken = false;
  #waitsSince = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(admission: Admission) {
    this.#admission = admission;
  }

  /** False: there is none at once. */
  take(): boolean {
    this.#isTaken = this.#admission.enter();
    return this.#isTaken;
  }

  /** Where `take` was in vain: waits, or is refused at once. */
  wait(receiver: PlaceReceiver, caller: string): void {
    const refusal = this.#admission.wait(this, caller);
    if (refusal !== undefined) {
      receiver.onRefused(refusal);
      return;
    }
    this.#caller = caller;
    this.#startWaiting(receiver);
    const { queueTimeoutMs } = this.#admission.options;
    if (queueTimeoutMs > 0) this.#timer = setTimeout(() => this.#giveUp(), queueTimeoutMs);
  }

  /** Having been let in before: ahead of newcomers, for as long as it takes, and not refused any more. */
  waitAgain(receiver: PlaceReceiver): void {
    this.#admission.waitAgain(this);
    this.#startWaiting(receiver);
  }

  /** Gives it back, if it is taken. */
  leave(): void {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    this.#admission.leave();
  }

  /** Waits for it no more, if it does. */
  stopWaiting(): void {
    if (this.#receiver === undefined) return;
    this.#admission.withdraw(this, this.#caller);
    this.#endWaiting();
  }

  onPlace(): void {
    this.#isTaken = true;
    this.#endWaiting()?.onPlace();
  }

  onRefused(refusal: Refusal): void {
    this.#endWaiting()?.onRefused(refusal);
  }

  #giveUp(): void {
    this.#admission.withdraw(this, this.#caller);
    this.onRefused("timeout");
  }

  #startWaiting(receiver: PlaceReceiver): void {
    this.#receiver = receiver;
    this.#waitsSince = performance.now();
    this.#admission.options.telemetry.waitStarted();
  }

  #endWaiting(): PlaceReceiver | undefined {
    const receiver = this.#receiver;
    const milliseconds = performance.now() - this.#waitsSince;
    clearTimeout(this.#timer);
    this.#receiver = undefined;
    this.waitedMs = (this.waitedMs ?? 0) + milliseconds;
    this.#admission.options.telemetry.waitEnded(milliseconds / 1000);
    return receiver;
  }
}
