import type { WatchdogConfig } from "../config/watchdog.ts";
import { formatDuration } from "../core/duration.ts";
import type { Refusal } from "./admission.ts";
import type { Answer } from "./response.ts";

/** What a request is told that gets no place. */
export function refuseAdmission(refusal: Refusal, config: WatchdogConfig): Answer {
  return refusal === "full" ? asTheGoWatchdogs(config) : comeBack(REASONS[refusal](config));
}

/** Word for word. */
function asTheGoWatchdogs({ maxInflight }: WatchdogConfig): Answer {
  return {
    status: 429,
    headers: ["Content-Type", "text/plain", "X-Openfaas-Internal", "faas-middleware"],
    body: `Concurrent request limit exceeded. Max concurrent requests: ${maxInflight}\n`,
  };
}

function comeBack(reason: string): Answer {
  const headers = ["Content-Type", "text/plain; charset=utf-8", "X-Breeze-Outcome", "refused"];
  return { status: 503, headers: [...headers, "Retry-After", RETRY_SECONDS], body: `${reason}\n` };
}

/** When a place is free again nobody knows; another replica may have one now. */
const RETRY_SECONDS = "1";

const REASONS: Readonly<Record<Exclude<Refusal, "full">, (config: WatchdogConfig) => string>> = {
  "queue-full": ({ queue }) => `the queue is full (max_queue=${queue.max})`,
  timeout: ({ queue }) =>
    `no place was free in time (queue_timeout=${formatDuration(queue.timeoutMs)})`,
  stopping: () => "the watchdog is stopping",
};
