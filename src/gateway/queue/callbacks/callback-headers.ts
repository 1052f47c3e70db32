import { createHmac } from "node:crypto";
import { findHopByHop } from "../../../http/proxy/hop-by-hop.ts";
import type { CallbackClaim } from "../queue.ts";

/**
 * What is posted to a callback: the function's headers, then ours, which a function cannot pass off as its own. Names and
 * values in turn.
 */
export function callbackHeaders(
  { callId, function: { name }, answer }: CallbackClaim,
  signingKey: Uint8Array | undefined,
  now: number = Date.now(),
): string[] {
  const isHopByHop = findHopByHop(answer.headers);
  const headers: string[] = [];
  for (let index = 0; index < answer.headers.length; index += 2) {
    const header = answer.headers[index] as string;
    const lower = header.toLowerCase();
    if (isHopByHop(lower) || OURS.has(lower)) continue;
    headers.push(header, answer.headers[index + 1] as string);
  }
  headers.push(
    ...["Content-Length", `${answer.body.byteLength}`, "User-Agent", "breeze"],
    ...["X-Call-Id", callId, "X-Function-Name", name, "X-Function-Status", `${answer.status}`],
    ...["X-Duration-Seconds", (answer.durationMs / 1000).toFixed(6)],
  );
  if (signingKey === undefined) return headers;
  return [...headers, ...signatureHeaders(callId, answer.body, signingKey, now)];
}

const OURS: ReadonlySet<string> = new Set([
  "content-length",
  "expect",
  "host",
  "user-agent",
  "x-call-id",
  "x-duration-seconds",
  "x-function-name",
  "x-function-status",
  "webhook-id",
  "webhook-timestamp",
  "webhook-signature",
]);

/** As standardwebhooks.com has it, so that there is something in every language to check it with. */
function signatureHeaders(
  callId: string,
  body: Uint8Array,
  signingKey: Uint8Array,
  now: number,
): string[] {
  const timestamp = `${Math.floor(now / 1000)}`;
  const hmac = createHmac("sha256", signingKey).update(`${callId}.${timestamp}.`).update(body);
  return [
    ...["Webhook-Id", callId, "Webhook-Timestamp", timestamp],
    ...["Webhook-Signature", `v1,${hmac.digest("base64")}`],
  ];
}
