import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { QueueError, type QueueFailure } from "../queue.ts";
import type { Retention } from "../retention.ts";
import { openDatabase, toQueueError } from "./schema.ts";
import { Store } from "./store.ts";
import { Timeline } from "./timeline.ts";
import { type Call, type Reply, Transactions } from "./transactions.ts";

/**
 * The thread that has the database: a commit waits for the disk, for a body of tens of megabytes a tenth of a second, and
 * nothing else may wait with it. It is sent batches and answers each; `undefined` has it close.
 */
export interface ThreadData {
  readonly file: string;
  /** Leases of before are over. */
  readonly endsLeases: boolean;
  readonly limits: Retention;
}

/** The first message. */
export type Opened =
  | { readonly isOpen: true }
  | { readonly isOpen: false; readonly code: QueueFailure; readonly message: string };

export type ThreadRequest = readonly Call[] | undefined;
export type ThreadReply = readonly Reply[];

serve(parentPort as MessagePort, workerData as ThreadData);

function serve(port: MessagePort, { file, endsLeases, limits }: ThreadData): void {
  try {
    const database = openDatabase(file);
    const store = new Store(database, limits, { now: Date.now, room: () => roomAt(dirname(file)) });
    // Before anything of it is read as a time.
    const timeline = new Timeline(database);
    if (endsLeases) store.endLeases();
    const transactions = new Transactions(database, store, timeline);
    port.on("message", (calls: ThreadRequest) => {
      if (calls !== undefined) {
        reply(port, transactions.run(calls));
        return;
      }
      database.close();
      port.close();
    });
    port.postMessage({ isOpen: true } satisfies Opened);
  } catch (error) {
    const { code, message } = error instanceof QueueError ? error : toQueueError(file, error);
    port.postMessage({ isOpen: false, code, message } satisfies Opened);
  }
}

function roomAt(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Bodies are handed over, not copied. */
function reply(port: MessagePort, replies: ThreadReply): void {
  port.postMessage(
    replies,
    replies.flatMap((one) => ("value" in one ? bodiesIn(one.value) : [])),
  );
}

function bodiesIn(value: unknown): ArrayBuffer[] {
  if (Array.isArray(value)) return value.flatMap(bodiesIn);
  const { body, request, answer } = (value ?? {}) as Record<string, { buffer?: unknown }>;
  if (request !== undefined || answer !== undefined) return bodiesIn(request ?? answer);
  return body?.buffer instanceof ArrayBuffer ? [body.buffer] : [];
}
