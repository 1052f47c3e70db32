import { ScaleOrders } from "../../../../src/gateway/scaling/scale-orders.ts";
import type { ScalingEvent } from "../../../../src/gateway/scaling/scaling-event.ts";
import { WakeUps, type WakeUpsOptions } from "../../../../src/gateway/scaling/wake-ups.ts";
import { MemoryProvider } from "./memory-provider.ts";

/** With functions in memory, looked at often. */
export function createWakeUps(options: Partial<WakeUpsOptions> = {}) {
  const provider = new MemoryProvider();
  const events: ScalingEvent[] = [];
  const onEvent = (event: ScalingEvent) => void events.push(event);
  const orders = new ScaleOrders({ provider, onEvent });
  const wakeUps = new WakeUps({ provider, orders, onEvent, pollMs: 5, ...options });
  const kinds = async (waits: readonly ReturnType<WakeUps["wait"]>[]) =>
    (await Promise.all(waits)).map(({ kind }) => kind);
  return { provider, events, orders, wakeUps, kinds, [Symbol.dispose]: () => wakeUps.close() };
}

export const times = <Result>(count: number, make: () => Result): Result[] =>
  Array.from({ length: count }, make);
