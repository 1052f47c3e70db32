/** What is smaller is gathered: a program that writes byte by byte must not cost a buffer object for each. */
const SMALL_BYTES = 4 * 1024;
const BLOCK_BYTES = 64 * 1024;

/** Bytes in the order they came, kept without being copied into one piece. */
export class Chunks {
  size = 0;
  readonly #closed: Uint8Array[] = [];
  /** Where small chunks are gathered, behind all that is closed. */
  #block: Uint8Array | undefined;
  #filled = 0;

  push(chunk: Uint8Array): void {
    this.size += chunk.length;
    // The first one is kept as it is: mostly it stays the only one.
    if (chunk.length >= SMALL_BYTES || this.#closed.length === 0) {
      this.#closeBlock();
      this.#closed.push(chunk);
    } else {
      this.#gather(chunk);
    }
  }

  /** All of it. What is pushed later starts a new chunk. */
  toArray(): readonly Uint8Array[] {
    this.#closeBlock();
    return this.#closed;
  }

  /** The first `bytes` bytes, or all where there are fewer. */
  head(bytes: number): Uint8Array {
    const [first] = this.toArray();
    if (first === undefined) return Buffer.alloc(0);
    if (first.length >= Math.min(bytes, this.size)) return first.subarray(0, bytes);
    return Buffer.concat(this.#closed, Math.min(bytes, this.size));
  }

  #gather(chunk: Uint8Array): void {
    if (this.#block !== undefined && this.#filled + chunk.length > BLOCK_BYTES) this.#closeBlock();
    this.#block ??= Buffer.allocUnsafeSlow(BLOCK_BYTES);
    this.#block.set(chunk, this.#filled);
    this.#filled += chunk.length;
  }

  #closeBlock(): void {
    if (this.#block === undefined) return;
    this.#closed.push(this.#block.subarray(0, this.#filled));
    this.#block = undefined;
    this.#filled = 0;
  }
}
