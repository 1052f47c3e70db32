import type { Answer, Submission } from "../../../../src/gateway/queue/queue.ts";

export const ECHO = { name: "echo", namespace: "openfaas-fn" };
export const ECHO_LINE = "openfaas-fn/echo";

/** Of the function `echo`, due at once. */
export function submissionOf(callId: string, changes: Partial<Submission> = {}): Submission {
  const body = Buffer.from(`body of ${callId}`);
  return {
    callId,
    function: ECHO,
    request: { method: "POST", path: "/a", query: "b=c", headers: ["X-A", "\xe9"], body },
    callbackUrl: undefined,
    delayMs: 0,
    ...changes,
  };
}

export const answerOf = (status: number, text = ""): Answer => ({
  status,
  headers: ["Content-Type", "text/plain"],
  body: Buffer.from(text),
  durationMs: 1.5,
});
