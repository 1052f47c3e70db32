import { readSync } from "node:fs";
import { BreezeError } from "../../core/errors.ts";
import { FRAME_LIMIT_BYTES, HEADER_BYTES } from "./frames.ts";
import { checkReady } from "./ready.ts";

/** Between two looks at a socket that does not block. */
const RETRY_MS = 1;

/**
 * Reads READY, the spawner's first frame, and waits for it: the environment it carries is the configuration, and nothing can
 * begin before that. Reads not one byte more.
 */
export function receiveReady(descriptor: number): string[] {
  const header = readExactly(descriptor, HEADER_BYTES);
  checkReady(header);
  const length = Math.min(header.readUInt32LE(0), FRAME_LIMIT_BYTES) - HEADER_BYTES;
  return readExactly(descriptor, length).toString("latin1").split("\0").slice(0, -1);
}

function readExactly(descriptor: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let offset = 0; offset < length; ) {
    const size = readSome(descriptor, bytes.subarray(offset));
    if (size === 0) {
      throw new BreezeError("PROCESSES_LOST", "the spawner has ended before it was ready");
    }
    offset += size ?? 0;
  }
  return bytes;
}

/** `undefined`: nothing yet. */
function readSome(descriptor: number, into: Buffer): number | undefined {
  try {
    return readSync(descriptor, into);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") {
      throw new BreezeError("PROCESSES_LOST", "the spawner cannot be heard", { cause: error });
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    return undefined;
  }
}
