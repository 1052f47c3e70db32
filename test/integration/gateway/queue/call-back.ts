import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { isLoopback } from "../../../../src/core/networks.ts";
import type { DeliveryOptions } from "../../../../src/gateway/queue/callbacks/deliver.ts";
import type { InvocationRecord, Queue } from "../../../../src/gateway/queue/queue.ts";
import { openSqliteQueue } from "../../../../src/gateway/queue/sqlite/sqlite-queue.ts";
import { DEFAULT_ASYNC_POLICY, startAsync } from "../../../../src/gateway/queue/start-async.ts";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";
import { until } from "../../../support/until.ts";
import { answerOf, submissionOf } from "./submission.ts";

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export async function startReceiver(
  answer: RequestListener = (_, response) => void response.end(),
) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: (await buffer(request)).toString() });
    answer(request, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, port: (server.address() as AddressInfo).port };
}

interface Given extends Partial<DeliveryOptions> {
  readonly status?: number;
  readonly hostConcurrency?: number;
}

export async function startQueue({ status = 200, ...callbacks }: Given = {}): Promise<Queue> {
  const folder = createTemporaryFolder();
  const queue = await openSqliteQueue({ file: join(folder.path, "queue.db") });
  const running = startAsync({
    queue,
    invoke: async ({ callId }) => answerOf(status, `answer of ${callId}`),
    policyOf: () => ({ ...DEFAULT_ASYNC_POLICY, attempts: 1 }),
    callbacks: { isAllowed: isLoopback, minWaitMs: 1, maxWaitMs: 5, ...callbacks },
    onError: () => {},
    pollMs: 20,
  });
  onTestFinished(async () => {
    await running.close(0);
    await queue.close();
    folder[Symbol.dispose]();
  });
  return queue;
}

export async function callBack(
  queue: Queue,
  callbackUrl: string,
): Promise<InvocationRecord | undefined> {
  await queue.enqueue(submissionOf("a", { callbackUrl }));
  let record: InvocationRecord | undefined;
  await until("the callback has ended", async () => {
    record = await queue.find("a");
    return record?.callback === "delivered" || record?.callback === "failed";
  });
  return record;
}
