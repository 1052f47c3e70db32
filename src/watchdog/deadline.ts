import type { IncomingHttpHeaders } from "node:http";
import { parseDuration, toMilliseconds } from "../core/duration.ts";
import type { Exchange } from "../http/exchange.ts";

/**
 * `X-Timeout`: how long a caller waits for its answer, in milliseconds, from the arrival of its request. It can only make
 * the time shorter. `undefined`: it is not there, or means nothing: no duration of Go's, zero, negative (which must not
 * become "no limit"), more than `exec_timeout`, or anything where that is off, as of-watchdog documents it.
 */
export function readCallerTimeout(
  headers: IncomingHttpHeaders,
  execTimeoutMs: number,
): number | undefined {
  const text = headers["x-timeout"];
  if (typeof text !== "string") return undefined;
  // The micro sign has two bytes in a header.
  const nanoseconds = parseDuration(Buffer.from(text, "latin1").toString());
  if (nanoseconds === undefined || nanoseconds <= 0n) return undefined;
  if (nanoseconds > BigInt(execTimeoutMs) * 1_000_000n) return undefined;
  return toMilliseconds(nanoseconds);
}

/** `undefined`: its caller says nothing of how long it waits. */
export function awaitCaller(
  { request, startedAt }: Exchange,
  execTimeoutMs: number,
  onPassed: () => void,
): CallerDeadline | undefined {
  const timeoutMs = readCallerTimeout(request.headers, execTimeoutMs);
  return timeoutMs === undefined ? undefined : new CallerDeadline(timeoutMs, startedAt, onPassed);
}

/** When a caller gives up, whether its request waits or is worked for. */
export class CallerDeadline {
  readonly #timeoutMs: number;
  readonly #startedAt: number;
  readonly #timer: NodeJS.Timeout;

  /** `startedAt`: when the request arrived, as `performance.now()` says it. */
  constructor(timeoutMs: number, startedAt: number, onPassed: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#startedAt = startedAt;
    this.#timer = setTimeout(onPassed, this.leftMs);
  }

  /** Whole milliseconds, at least one: 0 means "no limit" to those who ask. */
  get leftMs(): number {
    return Math.max(1, Math.ceil(this.#startedAt + this.#timeoutMs - performance.now()));
  }

  /** It does not matter any more. */
  cancel(): void {
    clearTimeout(this.#timer);
  }
}
