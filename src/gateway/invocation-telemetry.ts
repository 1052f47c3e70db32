import type { AccessLog } from "./access-log.ts";
import { formatFunctionName } from "./invoke/function-name.ts";
import type { FunctionCounters, InvocationTelemetry } from "./invoke/telemetry.ts";
import type { FunctionMetrics } from "./metrics/function-metrics.ts";
import type { GatewayMetrics } from "./metrics/gateway-metrics.ts";
import type { LoadCounter } from "./scaling/load-counter.ts";

export interface TelemetryOptions {
  readonly metrics: GatewayMetrics;
  readonly loadOf: (id: Parameters<InvocationTelemetry["loadOf"]>[0]) => LoadCounter;
  readonly accessLog: AccessLog;
  /** An invocation has come. */
  readonly touch: () => void;
}

/** What is counted of invocations, once for those who look, once for those who scale, and written down. */
export function createInvocationTelemetry(options: TelemetryOptions): InvocationTelemetry {
  const { metrics, loadOf, touch, accessLog } = options;
  const watch = (counters: FunctionMetrics, name: string | undefined): FunctionCounters => ({
    started() {
      touch();
      counters.started();
    },
    ended(status, seconds, invocation) {
      counters.ended(status, seconds);
      accessLog.invocationEnded(name, status, invocation);
    },
  });
  return {
    unknown: watch(metrics.unknown, undefined),
    of: (id) => watch(metrics.of(id), formatFunctionName(id)),
    loadOf(id) {
      const counters = metrics.of(id);
      const load = loadOf(id);
      return {
        begin: () => load.begin(),
        end: () => load.end(),
        wait() {
          const waiting = load.wait();
          counters.waitStarted();
          return {
            begin() {
              counters.waitEnded();
              waiting.begin();
            },
            leave(isRefused) {
              counters.waitEnded();
              waiting.leave(isRefused);
            },
          };
        },
      };
    },
  };
}
