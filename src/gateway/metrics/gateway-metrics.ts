import { type HistogramSeries, MetricRegistry } from "../../core/metrics.ts";
import { registerProcessMetrics } from "../../core/process-metrics.ts";
import type { FunctionId } from "../../provider/provider.ts";
import { createFunctionFamilies, FunctionMetrics } from "./function-metrics.ts";
import { type ObservedOptions, registerObservedMetrics } from "./observed-metrics.ts";
import { type CountSystemRequest, createSystemMetrics, UNKNOWN } from "./system-metrics.ts";

export interface GatewayMetricsOptions extends Omit<ObservedOptions, "labelOf"> {
  /** The namespace of functions that name none. */
  readonly functionNamespace: string;
  /** Its functions are `NAME.NAMESPACE` too; otherwise they are `NAME`, as in 2017. Those of other namespaces always are. */
  readonly labelsNamespace: boolean;
  readonly droppedLogLines: () => number;
}

/** Every metric of the gateway. Names, labels and units are a promise (CHANGELOG.md). */
export interface GatewayMetrics {
  readonly registry: MetricRegistry;
  /** The counters of a function that there is, the same ones until it is forgotten. */
  of(id: FunctionId): FunctionMetrics;
  /** `undefined`: there is no function of this name, or no longer. Makes none. */
  find(id: FunctionId): FunctionMetrics | undefined;
  /** Those of all names that are no function's: there may be any number of them. */
  readonly unknown: FunctionMetrics;
  /** The function is not there any more. */
  forget(id: FunctionId): void;
  readonly countSystemRequest: CountSystemRequest;
  /** From the order until the first replica answered, in seconds. */
  readonly coldStart: HistogramSeries;
  /** In seconds. */
  readonly loopDelay: HistogramSeries;
}

export function createGatewayMetrics(options: GatewayMetricsOptions): GatewayMetrics {
  const registry = new MetricRegistry();
  const families = createFunctionFamilies(registry);
  const functions = new Map<string, FunctionMetrics>();
  const labelOf = (id: FunctionId) => formatLabel(id, options);
  const coldStart = createColdStart(registry);
  registerObservedMetrics(registry, { ...options, labelOf });
  const countSystemRequest = createSystemMetrics(registry);
  const loopDelay = createLoopDelay(registry);
  registry.observed(
    "counter",
    { name: "gateway_log_lines_dropped_total", help: "Log lines that nobody read in time." },
    options.droppedLogLines,
  );
  registerProcessMetrics(registry);
  return {
    registry,
    of(id) {
      const label = labelOf(id);
      const metrics = functions.get(label) ?? new FunctionMetrics(families, label);
      functions.set(label, metrics);
      return metrics;
    },
    find: (id) => functions.get(labelOf(id)),
    unknown: new FunctionMetrics(families, UNKNOWN),
    forget(id) {
      const label = labelOf(id);
      functions.get(label)?.remove();
      functions.delete(label);
    },
    countSystemRequest,
    coldStart,
    loopDelay,
  };
}

function formatLabel(
  { name, namespace }: FunctionId,
  { functionNamespace, labelsNamespace }: GatewayMetricsOptions,
): string {
  return labelsNamespace || namespace !== functionNamespace ? `${name}.${namespace}` : name;
}

function createColdStart(registry: MetricRegistry): HistogramSeries {
  return registry
    .histogram({
      name: "gateway_cold_start_seconds",
      help: "From the order of a first replica because of a request until it answered.",
      buckets: [0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10, 30, 60],
    })
    .with();
}

function createLoopDelay(registry: MetricRegistry): HistogramSeries {
  return registry
    .histogram({
      name: "gateway_event_loop_delay_seconds",
      help: "How much later than it was due a timer of the gateway fired, while requests were served.",
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    })
    .with();
}
