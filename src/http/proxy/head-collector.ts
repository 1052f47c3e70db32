import { BadAnswer } from "./bad-answer.ts";

/** As much as we take of a client: what is more is no head any more. */
const LIMIT_BYTES = 1024 * 1024;
const END = Buffer.from("\r\n\r\n");

/** Waits for the empty line behind a head, which mostly is in the first read. */
export class HeadCollector {
  #pending: Buffer | undefined;
  #length = 0;

  /** The head, without its end, and what comes behind it; `undefined`: it is not complete. */
  push(bytes: Buffer): { readonly text: string; readonly rest: Buffer } | undefined {
    if (this.#pending === undefined) {
      const end = bytes.indexOf(END);
      if (end >= 0) return cut(bytes, end);
    }
    const known = this.#length;
    const all = this.#append(bytes);
    const end = all.indexOf(END, Math.max(known - END.length, 0));
    if (end < 0) {
      if (all.length > LIMIT_BYTES) throw new BadAnswer("the answer's head is too large");
      return undefined;
    }
    this.#pending = undefined;
    this.#length = 0;
    return cut(all, end);
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

function cut(bytes: Buffer, end: number) {
  return { text: bytes.toString("latin1", 0, end), rest: bytes.subarray(end + END.length) };
}
