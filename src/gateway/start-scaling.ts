import type { GatewayConfig } from "../config/gateway/config.ts";
import type { FunctionId, Provider } from "../provider/provider.ts";
import type { FunctionTable } from "./function-table.ts";
import type { WhenAvailable } from "./invoke/context.ts";
import { formatFunctionName, parseFunctionName } from "./invoke/function-name.ts";
import type { GatewayLog } from "./log.ts";
import type { GatewayMetrics } from "./metrics/gateway-metrics.ts";
import { AlertWebhook } from "./scaling/alert-webhook.ts";
import { Autoscaler } from "./scaling/autoscaler.ts";
import { messageOf, ScaleOrders } from "./scaling/scale-orders.ts";
import type { ScalingEvent } from "./scaling/scaling-event.ts";
import { WakeUps } from "./scaling/wake-ups.ts";

export interface ScalingOptions {
  readonly config: GatewayConfig;
  readonly provider: Provider;
  readonly table: FunctionTable;
  readonly metrics: GatewayMetrics;
  readonly log: GatewayLog;
}

/** All that sets how many replicas a function has. */
export interface Scaling extends AsyncDisposable {
  readonly webhook: AlertWebhook;
  /** `undefined`: a request wakes nobody. */
  readonly whenAvailable: WhenAvailable | undefined;
  /** What somebody says by hand. */
  scale(id: FunctionId, replicas: number): Promise<void>;
  /** Whoever waits for a replica waits no longer. */
  stopWaiting(): void;
}

export function startScaling(options: ScalingOptions): Scaling {
  const { config, provider, table } = options;
  const onEvent = (event: ScalingEvent) => tell(event, options);
  const orders = new ScaleOrders({ provider, onEvent });
  const wakeUps = new WakeUps({ provider, orders, onEvent });
  const isIdleOnly = config.scaling === "alertmanager";
  const autoscaler = new Autoscaler({ functions: () => table.all(), orders, onEvent, isIdleOnly });
  autoscaler.start();
  return {
    webhook: createWebhook(options, orders, onEvent),
    whenAvailable: config.scaleFromZero ? toWhenAvailable(wakeUps) : undefined,
    scale: (id, replicas) => orders.take(id, () => scaleByHand(options, orders, id, replicas)),
    stopWaiting: () => wakeUps.close(),
    async [Symbol.asyncDispose]() {
      wakeUps.close();
      await autoscaler.close();
    },
  };
}

function createWebhook(
  { config, provider, table }: ScalingOptions,
  orders: ScaleOrders,
  onEvent: (event: ScalingEvent) => void,
): AlertWebhook {
  const namespaces = {
    has: (name: string) => Array.from(table.all()).some(({ state }) => state.namespace === name),
  };
  return new AlertWebhook({
    arithmetic: config.scalingArithmetic,
    isChosen: config.scaling !== "builtin",
    provider,
    orders,
    parseName: (text) => parseFunctionName(text, namespaces, config.functionNamespace),
    onEvent,
  });
}

function toWhenAvailable(wakeUps: WakeUps): WhenAvailable {
  return async (id, signal) => {
    const { kind } = await wakeUps.wait(id, { signal });
    if (kind !== "ready") throw new Error(`no replica of ${formatFunctionName(id)}: ${kind}`);
  };
}

async function scaleByHand(
  { provider }: ScalingOptions,
  orders: ScaleOrders,
  id: FunctionId,
  to: number,
): Promise<void> {
  const { replicas: from } = await provider.describe(id);
  await orders.scale({ id, from, to, reason: "request" });
}

function tell(event: ScalingEvent, { log, metrics }: ScalingOptions): void {
  if (event.kind === "alertsNotChosen") {
    log.warn("alerts come and nothing comes of them: scaling=builtin (scaling=both heeds them)");
    return;
  }
  const fields = { function: formatFunctionName(event.id) };
  switch (event.kind) {
    case "scaled":
      log.info("scaled", { ...fields, from: event.from, to: event.to, reason: event.reason });
      break;
    case "failed":
      log.warn("could not be scaled", { ...fields, reason: messageOf(event.error) });
      break;
    case "badLabels":
      log.warn("labels that cannot be used", { ...fields, problems: event.problems });
      break;
    case "woken":
      metrics.of(event.id).coldStarted();
      metrics.coldStart.observe(event.milliseconds / 1000);
      log.info("woken", { ...fields, ms: Math.round(event.milliseconds), waited: event.waiters });
  }
}
