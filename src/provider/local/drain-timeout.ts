import { ANNOTATIONS } from "../../core/annotations.ts";
import { parseSecondsOrDuration, toMilliseconds } from "../../core/duration.ts";
import type { FunctionSpec } from "../provider.ts";

/** For a watchdog's own end of what it had to end. */
const EXTRA_MS = 5_000;

/** How long a replica may take to drain: a little longer than its watchdog allows itself. `undefined`: it has no bound. */
export function toDrainTimeoutMs({ environment, annotations }: FunctionSpec): number | undefined {
  const timeout = environment.write_timeout ?? annotations[ANNOTATIONS.timeout] ?? "30s";
  const limit = parseSecondsOrDuration(environment.shutdown_timeout ?? timeout);
  const grace = parseSecondsOrDuration(environment.healthcheck_interval ?? "0");
  if (limit === undefined || limit <= 0n) return undefined;
  return toMilliseconds(limit + (grace ?? 0n)) + EXTRA_MS;
}
