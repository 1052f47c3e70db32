import { milliseconds } from "../../core/settings.ts";

/** Says how long a submission waits before it is due. */
export const DELAY_HEADER = "x-delay";

const LONGEST_MS = 7 * 24 * 60 * 60 * 1000;

const DELAY = milliseconds(
  "a duration up to 168h such as 90s or 1h30m, or whole seconds",
  (delayMs) => delayMs <= LONGEST_MS,
);

/** In milliseconds, or a sentence that says what is wrong with it. `said`: the header's value; nothing said is 0. */
export function readDelay(said: string | readonly string[] | undefined): number | string {
  const text = String(said ?? "0").trim();
  return DELAY.parse(text) ?? `X-Delay must be ${DELAY.expected}`;
}
