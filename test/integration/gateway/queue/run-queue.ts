import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Answer, Queue } from "../../../../src/gateway/queue/queue.ts";
import type { Attempt } from "../../../../src/gateway/queue/run-invocation.ts";
import { openSqliteQueue } from "../../../../src/gateway/queue/sqlite/sqlite-queue.ts";
import {
  type AsyncPolicy,
  DEFAULT_ASYNC_POLICY,
  startAsync,
} from "../../../../src/gateway/queue/start-async.ts";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";
import { answerOf } from "./submission.ts";

const POLICY: AsyncPolicy = { ...DEFAULT_ASYNC_POLICY, minWaitMs: 1, maxWaitMs: 5 };

interface Given {
  readonly policy?: Partial<AsyncPolicy>;
  readonly policyOf?: () => Promise<AsyncPolicy>;
  readonly leaseMs?: number;
  readonly concurrency?: number;
}

export async function openQueue(): Promise<{ readonly file: string; readonly queue: Queue }> {
  const folder = createTemporaryFolder();
  const file = join(folder.path, "queue.db");
  const queue = await openSqliteQueue({ file, keptCount: 100_000 });
  onTestFinished(async () => {
    await queue.close();
    folder[Symbol.dispose]();
  });
  return { file, queue };
}

/** Runs until the test ends, before the queue is closed. */
export function run(
  queue: Queue,
  invoke: (attempt: Attempt, signal: AbortSignal) => Promise<Answer>,
  { policy, policyOf, ...given }: Given = {},
) {
  const errors: Error[] = [];
  const running = startAsync({
    queue,
    invoke,
    policyOf: policyOf ?? (() => ({ ...POLICY, ...policy })),
    callbacks: { isAllowed: () => false },
    onError: (error) => errors.push(error),
    pollMs: 20,
    ...given,
  });
  onTestFinished(() => running.close(0));
  return { running, errors };
}

/** Invocations that stay until they are let go. */
export function createHolding() {
  const gate = Promise.withResolvers<void>();
  const begun: string[] = [];
  let [now, most] = [0, 0];
  const invoke = async ({ callId }: Attempt, signal?: AbortSignal): Promise<Answer> => {
    begun.push(callId);
    most = Math.max(most, ++now);
    const aborted = Promise.withResolvers<never>();
    signal?.addEventListener("abort", () => aborted.reject(signal.reason));
    try {
      await Promise.race([gate.promise, aborted.promise]);
    } finally {
      now--;
    }
    return answerOf(200, callId);
  };
  return { invoke, begun, letGo: () => gate.resolve(), most: () => most };
}

/** Nothing waits, and nothing runs. */
export const isEmpty = async (queue: Queue) => (await queue.stats()).depth === 0;
