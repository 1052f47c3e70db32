import type { InvocationTelemetry } from "./invoke/telemetry.ts";
import type { GatewayMetrics } from "./metrics/gateway-metrics.ts";
import type { LoadCounter } from "./scaling/load-counter.ts";

export interface TelemetryOptions {
  readonly metrics: GatewayMetrics;
  readonly loadOf: (id: Parameters<InvocationTelemetry["loadOf"]>[0]) => LoadCounter;
  /** An invocation has come. */
  readonly touch: () => void;
}

/** What is counted of invocations: once for those who look, once for those who scale. */
export function createInvocationTelemetry(options: TelemetryOptions): InvocationTelemetry {
  const { metrics, loadOf, touch } = options;
  return {
    unknown: metrics.unknown,
    of(id) {
      const counters = metrics.of(id);
      return {
        started() {
          touch();
          counters.started();
        },
        ended: (status, seconds) => counters.ended(status, seconds),
      };
    },
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
