import type { AnswerHead } from "./answer-head.ts";

const MOST_BYTES = 4096;

/**
 * The last header block, to its empty line, that was read and found good. Most programs say the same each time, and an
 * output that begins with these bytes begins with that head.
 */
export class KnownHead {
  #bytes: Buffer | undefined;
  #head: AnswerHead | undefined;

  /** The output's first chunk. `undefined`: it has to be read. */
  find(chunk: Buffer): { readonly head: AnswerHead; readonly body: Buffer } | undefined {
    const bytes = this.#bytes;
    if (bytes === undefined || chunk.length < bytes.length) return undefined;
    if (bytes.compare(chunk, 0, bytes.length) !== 0) return undefined;
    return { head: this.#head as AnswerHead, body: chunk.subarray(bytes.length) };
  }

  remember(bytes: Buffer, head: AnswerHead): void {
    if (bytes.length > MOST_BYTES) return;
    this.#bytes = Buffer.from(bytes);
    this.#head = head;
  }
}
