import { join } from "node:path";
import type { GatewayConfig } from "../../config/gateway/config.ts";
import { BreezeError } from "../../core/errors.ts";
import { QUEUE_FILE } from "../data/items.ts";
import type { GatewayLog } from "../log.ts";
import { type Queue, QueueError } from "../queue/queue.ts";
import { openSqliteQueue } from "../queue/sqlite/sqlite-queue.ts";

export interface OpenQueueOptions {
  readonly config: GatewayConfig;
  readonly log: GatewayLog;
  /** Nothing can be queued any more. */
  readonly onLost: (error: Error) => void;
}

/** The queue that the configuration names. Rejects with `DATA_UNUSABLE`. */
export async function openQueue({ config, log, onLost }: OpenQueueOptions): Promise<Queue> {
  const { queue, dataDirectory } = config;
  try {
    if (queue.kind !== "nats") {
      const file = join(dataDirectory, QUEUE_FILE);
      // The gateway has locked the folder: nobody else runs what is in it.
      return await openSqliteQueue({ file, endsLeases: true, onLost });
    }
    // The client takes memory that a gateway without NATS needs not have.
    const { openNatsQueue } = await import("../queue/nats/nats-queue.ts");
    return await openNatsQueue({
      address: queue,
      onLost,
      warn: (message) => log.warn(message),
      inform: (message) => log.info(message),
    });
  } catch (cause) {
    if (!(cause instanceof QueueError)) throw cause;
    throw new BreezeError("DATA_UNUSABLE", cause.message, { cause });
  }
}
