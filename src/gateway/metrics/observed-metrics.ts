import type { MetricRegistry } from "../../core/metrics.ts";
import type { FunctionId } from "../../provider/provider.ts";

/** A function as it is when it is asked for. */
export interface FunctionGauges extends FunctionId {
  /** As many replicas as its provider was told. */
  readonly replicas: number;
  /** As many as answer. */
  readonly ready: number;
  /** As many as scaling wants now. */
  readonly target: number;
  readonly min: number;
  /** What one replica is to do (`com.openfaas.scale.target`), and in what that is counted (`com.openfaas.scale.type`). */
  readonly targetLoad: number;
  readonly scalingType: string;
}

/** The queue as it is when it is asked for. */
export interface QueueGauges {
  /** All that has not finished. */
  readonly depth: number;
  readonly running: number;
  /** How long the oldest of these is there; 0 where there is none. */
  readonly oldestMs: number;
  readonly deadLetters: number;
  /** `depth` by function. */
  readonly depths: readonly (FunctionId & { readonly depth: number })[];
}

export interface ObservedOptions {
  readonly functions: () => Iterable<FunctionGauges>;
  /** `undefined`: there is no queue, or it does not answer. */
  readonly queue: () => QueueGauges | undefined;
  readonly labelOf: (id: FunctionId) => string;
}

/** What is known elsewhere, and read whenever somebody asks for metrics. */
export function registerObservedMetrics(registry: MetricRegistry, options: ObservedOptions): void {
  registerFunctionGauges(registry, options);
  registerQueueGauges(registry, options);
}

const FUNCTION_GAUGES: readonly (readonly [
  name: string,
  help: string,
  read: (gauges: FunctionGauges) => number,
])[] = [
  ["gateway_service_count", "Current count of replicas for function", ({ replicas }) => replicas],
  ["gateway_service_min", "Minimum number of function replicas", ({ min }) => min],
  ["gateway_service_ready", "Replicas that answer.", ({ ready }) => ready],
  ["gateway_service_target", "Replicas that scaling wants.", ({ target }) => target],
];

function registerFunctionGauges(
  registry: MetricRegistry,
  { functions, labelOf }: ObservedOptions,
): void {
  for (const [name, help, read] of FUNCTION_GAUGES) {
    registry.collected("gauge", { name, help, labels: ["function_name"] }, () =>
      Array.from(functions(), (gauges) => [[labelOf(gauges)], read(gauges)] as const),
    );
  }
  const targetLoad = {
    name: "gateway_service_target_load",
    help: "Target load for a function replica",
    labels: ["function_name", "scaling_type"],
  };
  registry.collected("gauge", targetLoad, () =>
    Array.from(
      functions(),
      (gauges) => [[labelOf(gauges), gauges.scalingType], gauges.targetLoad] as const,
    ),
  );
}

function registerQueueGauges(registry: MetricRegistry, { queue, labelOf }: ObservedOptions): void {
  const depth = {
    name: "gateway_queue_depth",
    help: "Asynchronous invocations that have not finished; only functions that have any.",
    labels: ["function_name"],
  };
  registry.collected("gauge", depth, () =>
    (queue()?.depths ?? []).map((line) => [[labelOf(line)], line.depth] as const),
  );
  const observe = (name: string, help: string, read: (gauges: QueueGauges) => number) =>
    registry.observed("gauge", { name: `gateway_queue_${name}`, help }, () => {
      const gauges = queue();
      return gauges && read(gauges);
    });
  observe("running", "Asynchronous invocations that run.", ({ running }) => running);
  observe(
    "oldest_seconds",
    "How long the oldest asynchronous invocation that has not finished is there; 0 where there is none.",
    ({ oldestMs }) => oldestMs / 1000,
  );
  observe(
    "dead_letters",
    "Asynchronous invocations that were given up, and are kept.",
    ({ deadLetters }) => deadLetters,
  );
}
