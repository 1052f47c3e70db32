/** How much of all bodies that wait for their function is in memory. */
export class BodyMemory {
  readonly #limitBytes: number;
  #heldBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** What comes goes to files now, if it can. */
  get isFull(): boolean {
    return this.#heldBytes > this.#limitBytes;
  }

  hold(bytes: number): void {
    this.#heldBytes += bytes;
  }

  release(bytes: number): void {
    this.#heldBytes -= bytes;
  }
}
