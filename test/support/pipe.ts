import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryFolder } from "./temporary-folder.ts";

/** A pipe whose reader is us: as long as nobody calls `read`, it is stuck once it is full. */
export interface Pipe extends Disposable {
  /** Its writing end, for somebody else to write to. */
  readonly descriptor: number;
  /** What is in it. */
  read(): Buffer;
  /** Nobody reads any more, for good. */
  closeReader(): void;
}

export function createPipe(): Pipe {
  using folder = createTemporaryFolder();
  const path = join(folder.path, "pipe");
  execFileSync("mkfifo", [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const descriptor = openSync(path, constants.O_WRONLY);
  let isOpen = true;
  const closeReader = () => {
    if (isOpen) closeSync(reader);
    isOpen = false;
  };
  return {
    descriptor,
    read: () => readAll(reader),
    closeReader,
    [Symbol.dispose]() {
      closeReader();
      closeSync(descriptor);
    },
  };
}

function readAll(descriptor: number): Buffer {
  const chunks: Buffer[] = [];
  const buffer = Buffer.alloc(64 * 1024);
  try {
    for (let size = readSync(descriptor, buffer); size > 0; size = readSync(descriptor, buffer)) {
      chunks.push(Buffer.from(buffer.subarray(0, size)));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
  }
  return Buffer.concat(chunks);
}
