import { ANNOTATIONS } from "../../core/annotations.ts";
import { LONGEST_TIMER_MS } from "../../core/duration.ts";
import { milliseconds, type SettingsReader } from "../../core/settings.ts";

const TIMEOUT = milliseconds(
  "a duration such as 30s or 1m30s, or whole seconds; 0 for no limit",
  () => true,
);

/** How long a function's invocation may take, in milliseconds; 0: as long as it likes. `undefined`: it says nothing of it. */
export function readFunctionTimeout(reader: SettingsReader): number | undefined {
  const timeoutMs = reader.read(ANNOTATIONS.timeout, TIMEOUT);
  return timeoutMs && Math.min(timeoutMs, LONGEST_TIMER_MS);
}
