import {
  createGatewayMetrics,
  type GatewayMetrics,
  type GatewayMetricsOptions,
} from "../../../../src/gateway/metrics/gateway-metrics.ts";
import type {
  FunctionGauges,
  QueueGauges,
} from "../../../../src/gateway/metrics/observed-metrics.ts";

export function createMetrics(options: Partial<GatewayMetricsOptions> = {}): GatewayMetrics {
  return createGatewayMetrics({
    functionNamespace: "openfaas-fn",
    labelsNamespace: false,
    functions: () => [],
    queue: () => undefined,
    droppedLogLines: () => 0,
    ...options,
  });
}

export const FUNCTION: FunctionGauges = {
  name: "wordcount",
  namespace: "openfaas-fn",
  replicas: 4,
  ready: 3,
  target: 5,
  min: 1,
  targetLoad: 50,
  scalingType: "rps",
};

export const QUEUE: QueueGauges = {
  depth: 7,
  running: 2,
  oldestMs: 1500,
  deadLetters: 1,
  depths: [{ name: "wordcount", namespace: "openfaas-fn", depth: 7 }],
};
