import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { Socket } from "node:net";

/** Writes batches of bytes to a descriptor, one after the other, and never waits for whoever reads them. */
export interface BatchWriter {
  /** `done` is called once, at once or later: all is written, or the batch is lost because nobody can read it any more. */
  write(batch: Buffer, done: (isLost: boolean) => void): void;
  /** Writes what is taken right now: of the batch under way what is left of it, then this one. */
  writeNow(batch: Buffer): void;
  close(): void;
}

/**
 * Neither of Node's own ways will do: writing in the thread pool holds a thread that the process then waits for when it
 * exits, and writing at once holds everything. So the descriptor must not block. That is a property of the open file, which
 * others share with us (a shell, the spawner), so it is opened once more where that is possible: pipes and terminals.
 */
export function createBatchWriter(descriptor: number): BatchWriter {
  const stat = fstatSync(descriptor);
  if (stat.isSocket()) return createSocketWriter(descriptor);
  if (stat.isFile()) return createDescriptorWriter(descriptor, () => {});
  const reopened = reopen(descriptor);
  if (reopened !== undefined) return createDescriptorWriter(reopened, () => closeSync(reopened));
  return stat.isFIFO()
    ? createSocketWriter(descriptor)
    : createDescriptorWriter(descriptor, () => {});
}

function reopen(descriptor: number): number | undefined {
  const { O_WRONLY, O_APPEND, O_NONBLOCK, O_NOCTTY } = constants;
  try {
    return openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY);
  } catch {
    return undefined;
  }
}

/** The first wait until the next try, doubled each time that nothing was taken, up to the longest. */
const FIRST_RETRY_MS = 1;
const LONGEST_RETRY_MS = 50;

function createDescriptorWriter(descriptor: number, close: () => void): BatchWriter {
  let left: Buffer = Buffer.alloc(0);
  let retry: NodeJS.Timeout | undefined;

  function attempt(done: (isLost: boolean) => void, retryMs: number): void {
    const { taken, isLost } = writeSome(descriptor, left);
    left = left.subarray(isLost ? left.length : taken);
    if (left.length === 0) {
      done(isLost);
      return;
    }
    const waitMs = taken > 0 ? FIRST_RETRY_MS : retryMs;
    const nextMs = Math.min(waitMs * 2, LONGEST_RETRY_MS);
    retry = setTimeout(attempt, waitMs, done, nextMs).unref();
  }

  return {
    write(batch, done) {
      left = batch;
      attempt(done, FIRST_RETRY_MS);
    },
    writeNow(batch) {
      const { taken, isLost } = writeSome(descriptor, left);
      left = left.subarray(taken);
      if (left.length === 0 && !isLost) writeSome(descriptor, batch);
    },
    close() {
      clearTimeout(retry);
      close();
    },
  };
}

/** Lost: nobody can read any more, or there is no room on the disk. */
function writeSome(descriptor: number, bytes: Buffer): { taken: number; isLost: boolean } {
  let taken = 0;
  try {
    while (taken < bytes.length) taken += writeSync(descriptor, bytes, taken);
    return { taken, isLost: false };
  } catch (error) {
    return { taken, isLost: (error as NodeJS.ErrnoException).code !== "EAGAIN" };
  }
}

/**
 * A socket cannot be opened once more, and whoever shares it may have set it to block since the last batch: the start of
 * each process that inherits stderr does, the spawner's among them.
 */
function createSocketWriter(descriptor: number): BatchWriter {
  const socket = openSocket(descriptor);
  let isLost = false;
  let isBusy = false;
  socket.unref();
  socket.on("error", () => {
    isLost = true;
  });
  return {
    write(batch, done) {
      if (isLost) {
        done(true);
        return;
      }
      isBusy = true;
      socket._handle?.setBlocking(false);
      socket.write(batch, (error) => {
        isBusy = false;
        done(Boolean(error));
      });
    },
    writeNow(batch) {
      // How far a batch under way has come is the kernel's and libuv's secret: a second one would cut its lines.
      if (isBusy || isLost) return;
      socket._handle?.setBlocking(false);
      writeSome(descriptor, batch);
    },
    close() {},
  };
}

/** Node has a socket on stderr, if anybody asks for it, and allows no second one. */
function openSocket(descriptor: number): SharedSocket {
  return descriptor === STANDARD_ERROR
    ? process.stderr
    : new Socket({ fd: descriptor, readable: false, writable: true });
}

const STANDARD_ERROR = 2;

type SharedSocket = Socket & { _handle?: { setBlocking(blocks: boolean): void } };
