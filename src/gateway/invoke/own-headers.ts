import type { AnswerHead } from "../../http/proxy/answer-head.ts";
import type { CallHeaders } from "./replica-headers.ts";

/** Adds what the gateway says of an invocation, where the function does not say it itself. */
export function pushOwnHeaders(
  { headers, durationSeconds }: AnswerHead,
  { callId, startTime }: CallHeaders,
): void {
  if (durationSeconds !== undefined) headers.push("X-Duration-Seconds", durationSeconds);
  if (!hasHeader(headers, "x-call-id")) headers.push("X-Call-Id", callId);
  if (!hasHeader(headers, "x-start-time")) headers.push("X-Start-Time", startTime);
}

/** A watchdog that sends a request away has not begun it: all of its places are taken, or it is about to stop. */
export function sendsAway({ status, headers }: AnswerHead): boolean {
  return status === 429 || (status === 503 && hasHeader(headers, "x-breeze-outcome", "refused"));
}

/** `name` in small letters. `value`: the one that it has to have. */
function hasHeader(headers: readonly string[], name: string, value?: string): boolean {
  for (let index = 0; index < headers.length; index += 2) {
    const candidate = headers[index] as string;
    if (candidate.length !== name.length || candidate.toLowerCase() !== name) continue;
    if (value === undefined || headers[index + 1] === value) return true;
  }
  return false;
}
