/** What a read takes at most: libuv takes no more by itself. */
const READ_BYTES = 64 * 1024;
/** Smaller pieces share memory with others: they are not worth being given back one by one (`give-back.ts`). */
const SHARED_BYTES = 4 * 1024;

/**
 * Where the bytes of one connection are read to, again and again. Node would take new memory for each read, of the largest
 * size, and leave it to the collector as long as somebody looks at a piece of it.
 */
export class ReadBuffer {
  bytes: Buffer = Buffer.allocUnsafeSlow(READ_BYTES);

  /** A piece of what was read, in memory that is the taker's: the next read overwrites what is here. */
  take(piece: Buffer): Buffer {
    if (piece.length < SHARED_BYTES) return Buffer.from(piece);
    if (piece.length === READ_BYTES && piece.buffer === this.bytes.buffer) {
      this.bytes = Buffer.allocUnsafeSlow(READ_BYTES);
      return piece;
    }
    const own = Buffer.allocUnsafeSlow(piece.length);
    own.set(piece);
    return own;
  }
}
