import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { QueueError } from "../queue.ts";
import type { Opened, ThreadData, ThreadReply, ThreadRequest } from "./thread.ts";
import type { Call, OperationName, Operations, Reply } from "./transactions.ts";

/** A batch goes when it has as much, so that the first in it does not wait long for the last. */
const BATCH_CALLS = 1_000;
const BATCH_BYTES = 16 * 1024 * 1024;
/**
 * What comes by is short-lived: with as much room as V8 takes by itself, the thread would hold on to tens of MiB of it for
 * good. V8 divides it by three: 4 MiB, as the whole program has where its command line can say so.
 */
const YOUNG_MIB = 12;
/** What is smaller is copied faster than handed over. */
const HANDED_OVER_BYTES = 64 * 1024;

interface Waiting {
  readonly call: Call;
  readonly body: Uint8Array | undefined;
  resolve(value: unknown): void;
  reject(error: QueueError): void;
}

/**
 * Calls the database in its thread. While one batch is being committed the next one collects, and what comes in one turn of
 * the event loop goes together: under load a commit is shared by many, and alone nobody waits for company.
 */
export class ThreadClient {
  readonly #worker: Worker;
  readonly #exited = Promise.withResolvers<void>();
  #waiting: Waiting[] = [];
  #sent: readonly Waiting[] = [];
  #isScheduled = false;
  #whenIdle: (() => void) | undefined;
  #end: QueueError | undefined;

  private constructor(worker: Worker, onLost: (error: QueueError) => void) {
    this.#worker = worker;
    worker.on("message", (replies: ThreadReply) => this.#receive(replies));
    worker.on("error", (error) => this.#lose(error as Error, onLost));
    worker.once("exit", () => {
      this.#lose(new Error("it has exited"), onLost);
      this.#exited.resolve();
    });
  }

  /** Rejects with `newer` and `unusable`. `onLost`: the thread has ended by itself, and nothing can be called any more. */
  static async open(data: ThreadData, onLost: (error: QueueError) => void): Promise<ThreadClient> {
    const worker = new Worker(new URL(threadProgram(), import.meta.url), {
      name: "queue",
      workerData: data,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
    });
    const [opened] = (await once(worker, "message")) as [Opened];
    if (opened.isOpen) return new ThreadClient(worker, onLost);
    await worker.terminate();
    throw new QueueError(opened.code, opened.message);
  }

  call<Name extends OperationName>(
    name: Name,
    args: Parameters<Operations[Name]>,
    body?: Uint8Array,
  ): Promise<ReturnType<Operations[Name]>> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    if (this.#end === undefined) {
      this.#waiting.push({ call: { name, args }, body, resolve, reject });
      this.#schedule();
    } else {
      reject(this.#end);
    }
    return promise as Promise<ReturnType<Operations[Name]>>;
  }

  /** Finishes what was called before. */
  async close(): Promise<void> {
    if (this.#end === undefined) {
      this.#end = new QueueError("closed", "the queue is closed");
      if (this.#waiting.length > 0 || this.#sent.length > 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#whenIdle = resolve;
        await promise;
      }
      this.#worker.postMessage(undefined satisfies ThreadRequest);
    }
    await this.#exited.promise;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#sent.length > 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#send();
    });
  }

  #send(): void {
    if (this.#waiting.length === 0) {
      this.#whenIdle?.();
      return;
    }
    const batch = this.#waiting.splice(0, countOfBatch(this.#waiting));
    this.#sent = batch;
    const calls: ThreadRequest = batch.map(({ call }) => call);
    try {
      this.#worker.postMessage(calls, [...new Set(batch.flatMap(handedOver))]);
    } catch (error) {
      // Somebody has a body that was handed over before.
      const failure = (error as Error).message;
      this.#receive(batch.map(() => ({ failure, isFull: false })));
    }
  }

  #receive(replies: ThreadReply): void {
    const batch = this.#sent;
    this.#sent = [];
    // Before those who asked go on: they would only ask for more.
    if (this.#waiting.length > 0) this.#send();
    for (const [index, { resolve, reject }] of batch.entries()) {
      const reply = replies[index] ?? NO_REPLY;
      if ("value" in reply) resolve(reply.value);
      else reject(toError(reply));
    }
    if (this.#sent.length === 0) this.#send();
  }

  #lose(cause: Error, onLost: (error: QueueError) => void): void {
    const wasClosed = this.#end?.code === "closed";
    const error = new QueueError("failed", `the queue's thread has ended: ${cause.message}`, {
      cause,
    });
    this.#end ??= error;
    const lost = [...this.#sent, ...this.#waiting.splice(0)];
    this.#sent = [];
    for (const { reject } of lost) reject(error);
    this.#whenIdle?.();
    if (!wasClosed && this.#end === error) onLost(error);
  }
}

const NO_REPLY: Reply = { failure: "it gave no answer", isFull: false };

function toError({ failure, isFull }: Extract<Reply, { failure: string }>): QueueError {
  if (!isFull) return new QueueError("failed", `the queue failed: ${failure}`);
  return new QueueError("full", "there is no room on the disk of the queue");
}

// Put in by the build, where the thread's program is a file beside the gateway's.
declare const BREEZE_QUEUE_THREAD: string;

const threadProgram = (): string =>
  typeof BREEZE_QUEUE_THREAD === "string" ? BREEZE_QUEUE_THREAD : "./thread.ts";

function countOfBatch(waiting: readonly Waiting[]): number {
  let [count, bytes] = [0, 0];
  for (const { body } of waiting) {
    if (count === BATCH_CALLS || bytes >= BATCH_BYTES) break;
    bytes += body?.byteLength ?? 0;
    count++;
  }
  return count;
}

function handedOver({ body }: Waiting): ArrayBuffer[] {
  if (body === undefined || body.byteLength < HANDED_OVER_BYTES) return [];
  // A part of something bigger would take the rest along.
  const { buffer } = body;
  return buffer instanceof ArrayBuffer && buffer.byteLength === body.byteLength ? [buffer] : [];
}
