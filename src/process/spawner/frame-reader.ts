import { FRAME_LIMIT_BYTES, HEADER_BYTES } from "./frames.ts";

/** Called with the bytes in which a frame lies, where it begins and where it ends. They are valid during the call alone. */
export type FrameReceiver = (bytes: Buffer, start: number, end: number) => void;

/** Cuts what is read from the control socket into frames, in place; only a frame that two reads share is copied. */
export class FrameReader {
  readonly #receive: FrameReceiver;
  /** The beginning of a frame whose rest is still to come. */
  #beginning: Buffer | undefined;

  constructor(receive: FrameReceiver) {
    this.#receive = receive;
  }

  /** False: this can be no frame, and nothing behind it can be trusted. */
  push(read: Buffer): boolean {
    let bytes = read;
    if (this.#beginning !== undefined) {
      bytes = Buffer.concat([this.#beginning, read]);
      this.#beginning = undefined;
    }
    let start = 0;
    while (bytes.length - start >= HEADER_BYTES) {
      const length = bytes.readUInt32LE(start);
      if (length < HEADER_BYTES || length > FRAME_LIMIT_BYTES) {
        return false;
      }
      const end = start + length;
      if (end > bytes.length) {
        break;
      }
      this.#receive(bytes, start, end);
      start = end;
    }
    if (start < bytes.length) {
      this.#beginning = Buffer.from(bytes.subarray(start));
    }
    return true;
  }
}
