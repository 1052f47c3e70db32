import { lendBlock } from "./blocks.ts";
import { giveBack } from "./give-back.ts";

/** What is smaller is gathered: a program that writes byte by byte must not cost a buffer object for each. */
const SMALL_BYTES = 4 * 1024;
const SMALL_BLOCK_BYTES = 64 * 1024;

/** From here on all is gathered in blocks that can be unmapped: in the allocator's heap it would leave a hole. */
const MUCH_BYTES = 256 * 1024;

/** Bytes in the order they came, not copied into one piece. */
export class Chunks {
  size = 0;
  #closed: Uint8Array[] = [];
  /** Where chunks are gathered, behind all that is closed. */
  #block: Uint8Array | undefined;
  #filled = 0;

  /** The chunk is not the caller's any more. */
  push(chunk: Uint8Array): void {
    const isMuch = this.size >= MUCH_BYTES;
    this.size += chunk.length;
    if (isMuch) {
      this.#gather(chunk, lendBlock);
      giveBack(chunk);
    } else if (chunk.length < SMALL_BYTES && this.#closed.length > 0) {
      this.#gather(chunk, newSmallBlock);
    } else {
      // The first one is kept as it is: mostly it stays the only one.
      this.#closeBlock();
      this.#closed.push(chunk);
    }
  }

  /** Puts a piece in front of all others. */
  prepend(piece: Uint8Array): void {
    this.size += piece.length;
    this.#closed.unshift(piece);
  }

  /** All of it. What is pushed later starts a new chunk. */
  toArray(): readonly Uint8Array[] {
    this.#closeBlock();
    return this.#closed;
  }

  /** All of it, to be given back by the taker: nothing is left here. */
  take(): readonly Uint8Array[] {
    const taken = this.toArray();
    this.#closed = [];
    this.size = 0;
    return taken;
  }

  /** Throws all of it away. */
  discard(): void {
    if (this.size > 0) this.take().forEach(giveBack);
  }

  /** The first `bytes` bytes, or all where there are fewer. */
  head(bytes: number): Uint8Array {
    const [first] = this.toArray();
    if (first === undefined) return Buffer.alloc(0);
    if (first.length >= Math.min(bytes, this.size)) return first.subarray(0, bytes);
    return Buffer.concat(this.#closed, Math.min(bytes, this.size));
  }

  #gather(chunk: Uint8Array, newBlock: () => Uint8Array): void {
    let from = 0;
    while (from < chunk.length) {
      this.#block ??= newBlock();
      const part = chunk.subarray(from, from + this.#block.length - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      from += part.length;
      if (this.#filled === this.#block.length) this.#closeBlock();
    }
  }

  #closeBlock(): void {
    if (this.#block === undefined) return;
    this.#closed.push(this.#block.subarray(0, this.#filled));
    this.#block = undefined;
    this.#filled = 0;
  }
}

const newSmallBlock = () => Buffer.allocUnsafeSlow(SMALL_BLOCK_BYTES);
