import type { Claim, Queue } from "../../../../src/gateway/queue/queue.ts";
import { until } from "../../../support/until.ts";
import { ECHO_LINE } from "./submission.ts";

export const LEASE_MS = 60_000;

/** Waits until there is one. */
export async function claimOne(queue: Queue, leaseMs = LEASE_MS): Promise<Claim> {
  let claims: Claim[] = [];
  await until("something is due", async () => {
    claims = await queue.claim(ECHO_LINE, 1, leaseMs);
    return claims.length > 0;
  });
  return claims[0] as Claim;
}

export const retry = (delayMs: number, isCounted = true) =>
  ({ kind: "retry", delayMs, reason: "it was ill", isCounted }) as const;
