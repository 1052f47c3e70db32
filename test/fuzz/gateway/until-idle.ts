import { setTimeout as sleep } from "node:timers/promises";
import type { BenchGateway } from "../../../bench/scale/bench-gateway.ts";

const PATIENCE_MS = 15_000;
const BUSY = /^gateway_functions_(?:in_flight|waiting)\{.*\} (?!0$).*$/gm;

/** Waits until the gateway counts nobody any more. Gives the lines of its metrics that say otherwise in the end. */
export async function untilIdle(gateway: BenchGateway): Promise<string[]> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { body } = await gateway.ask("GET", "/metrics");
    const busy = String(body).match(BUSY) ?? [];
    if (busy.length === 0 || performance.now() > deadline) return [...busy];
    await sleep(100);
  }
}
