import type { Queue } from "../../../../src/gateway/queue/queue.ts";

/** NATS cannot be reached just now. */
export const isAway = (queue: Queue) =>
  queue.stats().then(
    () => false,
    (error) => error.code === "away",
  );
