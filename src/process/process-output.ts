import { constants, openSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";

/**
 * What comes out of the FIFO of a long-lived process, until neither it nor any that it started has it open any more. Throws
 * where there is none. The next one to read goes on where the last one stopped.
 */
export function readOutput(path: string): Readable {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd: descriptor, readable: true, writable: false });
}
