import { STATUS_CODES } from "node:http";
import { formatDuration } from "../../core/duration.ts";

/** An answer that the gateway gives instead of a function. */
export interface Failure {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** A line, latin1. Never what a client has sent, unless it was checked. */
  readonly body: string;
  /** For the log; `undefined`: the body says it. */
  readonly reason?: string;
}

export function noSuchFunction(label: string | undefined): Failure {
  if (label === undefined) return toFailure(404, "no function can have this name");
  return toFailure(404, `there is no function ${label}`);
}

export function noName(): Failure {
  return toFailure(400, "the path does not name a function: /function/NAME");
}

/** `why`: what is known of it besides, for whoever asked. */
export function noReplica(label: string, why?: string): Failure {
  const reason = `${label} has no replica that answers${why === undefined ? "" : `: ${why}`}`;
  return toFailure(503, reason, ["Retry-After", "1"]);
}

/** Somebody waited for one. `ending`: how the last one ended that never took requests; `undefined`: it goes on starting. */
export function noReplicaCame(label: string, ending: string | undefined): Failure {
  const why =
    ending === undefined
      ? "none took requests in time"
      : `the last one ended before it took requests (${ending})`;
  return noReplica(label, `${why}; faas-cli logs ${label} says why`);
}

export function providerAway(): Failure {
  const reason = "what runs the functions does not say where they are";
  return toFailure(503, reason, ["Retry-After", "1"]);
}

export function unreachable(label: string): Failure {
  return toFailure(502, `no replica of ${label} could be reached`);
}

export function brokenOff(label: string, reason: string): Failure {
  return toFailure(502, `a replica of ${label} gave no answer: ${reason}`);
}

/** `limitName`: the setting that says so. */
export function tooLate(label: string, limitMs: number, limitName: string): Failure {
  const limit = formatDuration(limitMs);
  return toFailure(504, `${label} took longer than ${limit}, which ${limitName} allows`);
}

export function bodyFailed(isLate: boolean): Failure {
  return isLate
    ? toFailure(408, "the body is late")
    : toFailure(400, "the body's framing is broken");
}

/** Retries of clients look at `X-OpenFaaS-Internal`: what has it was not the function's own doing. */
function toFailure(status: number, reason: string, headers: readonly string[] = []): Failure {
  const own = ["Content-Type", "text/plain; charset=utf-8", "X-OpenFaaS-Internal", "gateway"];
  return { status, headers: [...own, ...headers], body: `${STATUS_CODES[status]}: ${reason}\n` };
}
