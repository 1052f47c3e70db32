import type { InvocationRecord } from "../../src/watchdog/telemetry.ts";

/** An invocation that went well, but for what is said otherwise. */
export function invocation(differences: Partial<InvocationRecord> = {}): InvocationRecord {
  return {
    method: "POST",
    path: "/a/b",
    target: "/a/b?q=1",
    status: 200,
    reason: "OK",
    milliseconds: 1.2344999,
    bytes: 11,
    outcome: "ok",
    callId: undefined,
    userAgent: "curl/8",
    bill: {
      pid: 4711,
      userMicros: 700,
      systemMicros: 112,
      maxRssKiB: 1664,
      startMicros: 320,
      wallMicros: 1100,
    },
    ...differences,
  };
}
