import { BadAnswer } from "./bad-answer.ts";

/** As much as we take of a client: what is more is no head any more. */
const LIMIT_BYTES = 1024 * 1024;
/** A line may end with LF alone (RFC 9112 2.2); the one before an empty line keeps its CR. */
const END = Buffer.from("\n\r\n");
const SHORT_END = Buffer.from("\n\n");

interface Head {
  /** Without the last line's LF. */
  readonly text: string;
  /** What comes behind it. */
  readonly rest: Buffer;
}

/** Waits for the empty line behind a head, which mostly is in the first read. */
export class HeadCollector {
  #pending: Buffer | undefined;
  #length = 0;

  /** `undefined`: it is not complete. */
  push(bytes: Buffer): Head | undefined {
    if (this.#pending === undefined) {
      const found = cut(bytes, 0);
      if (found !== undefined) return found;
    }
    const known = this.#length;
    const all = this.#append(bytes);
    const found = cut(all, Math.max(known - END.length, 0));
    if (found === undefined) {
      if (all.length > LIMIT_BYTES) throw new BadAnswer("the answer's head is too large");
      return undefined;
    }
    this.#pending = undefined;
    this.#length = 0;
    return found;
  }

  /** Grows by doubling, so that one that drips in byte by byte costs no more than its length. */
  #append(bytes: Buffer): Buffer {
    const length = this.#length + bytes.length;
    if (this.#pending === undefined || this.#pending.length < length) {
      const larger = Buffer.allocUnsafeSlow(length * 2);
      this.#pending?.copy(larger, 0, 0, this.#length);
      this.#pending = larger;
    }
    this.#pending.set(bytes, this.#length);
    this.#length = length;
    return this.#pending.subarray(0, length);
  }
}

/** The end begins at `from` at the earliest. */
function cut(bytes: Buffer, from: number): Head | undefined {
  const end = bytes.indexOf(END, from);
  if (end < 0) return cutAt(bytes, bytes.indexOf(SHORT_END, from), SHORT_END);
  const head = cutAt(bytes, end, END);
  // Only the head is looked through for the other end, not the body behind it.
  const shortEnd = head?.text.indexOf("\n\n", from) ?? -1;
  return shortEnd < 0 ? head : cutAt(bytes, shortEnd, SHORT_END);
}

function cutAt(bytes: Buffer, at: number, end: Buffer): Head | undefined {
  if (at < 0) return undefined;
  return { text: bytes.toString("latin1", 0, at), rest: bytes.subarray(at + end.length) };
}
