import { createGate, GATED } from "./gate.ts";
import type { RawClient } from "./raw-http.ts";
import { type StartedWatchdog, startTestWatchdog, toPost } from "./start-watchdog.ts";
import { until } from "./until.ts";

/** A watchdog whose only place is taken until the gate opens. */
export async function startBusy(variables: Readonly<Record<string, string>> = {}) {
  const gate = createGate();
  const watchdog = await startTestWatchdog({
    ...GATED,
    max_inflight: "1",
    max_queue: "2",
    queue_timeout: "0",
    ...variables,
  });
  const first = await watchdog.connect();
  first.send(toPost("first", gate.header));
  await until("the first runs", () => watchdog.telemetry.processes === 1);
  return { gate, watchdog, first };
}

/** Sends a request that waits, and comes back when it does. */
export async function enqueue(watchdog: StartedWatchdog, request: string): Promise<RawClient> {
  const client = await watchdog.connect();
  const before = watchdog.telemetry.waiting;
  client.send(request);
  await until("it waits", () => watchdog.telemetry.waiting === before + 1);
  return client;
}
