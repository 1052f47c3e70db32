/** For how long a body was not taken from its client, who cannot be late by that. */
export class HeldBack {
  #pastMs = 0;
  #since: number | undefined;

  begin(): void {
    this.#since ??= performance.now();
  }

  end(): void {
    this.#pastMs += this.#nowMs();
    this.#since = undefined;
  }

  /** What has come together since this was asked last, in whole milliseconds. */
  take(): number {
    const heldBackMs = Math.ceil(this.#pastMs + this.#nowMs());
    this.#pastMs = 0;
    if (this.#since !== undefined) this.#since = performance.now();
    return heldBackMs;
  }

  #nowMs(): number {
    return this.#since === undefined ? 0 : performance.now() - this.#since;
  }
}
