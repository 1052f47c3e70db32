import type { Problems } from "./problems.ts";
import type { VariableReader } from "./variable-reader.ts";
import type { QueueConfig } from "./watchdog.ts";

/** A queue that nobody could ever be in was meant otherwise. */
export function readQueue(reader: VariableReader, problems: Problems): QueueConfig {
  const max = Math.max(reader.value("max_queue"), 0);
  if (max > 0 && reader.value("max_inflight") <= 0) {
    const expected = "which needs max_inflight: without a limit nobody waits";
    problems.add("max_queue", String(max), expected);
  }
  for (const name of ["queue_timeout", "queue_fair_by"] as const) {
    if (max === 0 && reader.isSet(name)) problems.warn(`${name}: without max_queue nobody waits`);
  }
  return Object.freeze({
    max,
    timeoutMs: reader.value("queue_timeout"),
    fairBy: reader.value("queue_fair_by")?.toLowerCase(),
  });
}
