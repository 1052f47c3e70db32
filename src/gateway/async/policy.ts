import { ANNOTATIONS } from "../../core/annotations.ts";
import {
  describeProblem,
  listOf,
  milliseconds,
  type SettingsReader,
  wholeNumber,
} from "../../core/settings.ts";
import { type AsyncPolicy, DEFAULT_ASYNC_POLICY, MOST_AT_A_TIME } from "../queue/start-async.ts";

const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

const ATTEMPTS = wholeNumber(1, 1_000);
const CONCURRENCY = wholeNumber(1, MOST_AT_A_TIME);
const WAIT = milliseconds(
  "a duration above 0 and up to 24h such as 10s, or whole seconds",
  (waitMs) => waitMs > 0 && waitMs <= LONGEST_WAIT_MS,
);
const CODES = listOf(
  "statuses from 400 to 599 with commas between such as 429,502,503",
  (text) => (/^[45]\d\d$/.test(text) ? Number(text) : undefined),
  200,
);

/** How a function's queued invocations are run. What it does not say, or not so that it can be used, is the default. */
export function readAsyncPolicy(reader: SettingsReader): AsyncPolicy {
  const statuses = reader.read(ANNOTATIONS.retryCodes, CODES);
  return {
    attempts: reader.read(ANNOTATIONS.retryAttempts, ATTEMPTS) ?? DEFAULT_ASYNC_POLICY.attempts,
    statuses: statuses === undefined ? DEFAULT_ASYNC_POLICY.statuses : new Set(statuses),
    concurrency:
      reader.read(ANNOTATIONS.asyncMaxInflight, CONCURRENCY) ?? DEFAULT_ASYNC_POLICY.concurrency,
    ...readWaits(reader),
  };
}

/** One that is said moves the other's default along, where it has to. */
function readWaits(reader: SettingsReader): Pick<AsyncPolicy, "minWaitMs" | "maxWaitMs"> {
  const { minWaitMs, maxWaitMs } = DEFAULT_ASYNC_POLICY;
  const min = reader.read(ANNOTATIONS.retryMinWait, WAIT);
  const max = reader.read(ANNOTATIONS.retryMaxWait, WAIT);
  if (min !== undefined && max !== undefined && min > max) {
    const expected = `at least ${ANNOTATIONS.retryMinWait}, ${min} ms`;
    reader.problems.push(describeProblem(ANNOTATIONS.retryMaxWait, `${max} ms`, expected));
    return { minWaitMs, maxWaitMs };
  }
  return {
    minWaitMs: min ?? Math.min(minWaitMs, max ?? minWaitMs),
    maxWaitMs: max ?? Math.max(maxWaitMs, min ?? maxWaitMs),
  };
}
