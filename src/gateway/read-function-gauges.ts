import type { FunctionTable } from "./function-table.ts";
import type { FunctionGauges } from "./metrics/observed-metrics.ts";
import { readScalingLimits } from "./scaling/limits.ts";

/** What metrics say of each function, as the gateway knows it just now. */
export function* readFunctionGauges(table: FunctionTable): Iterable<FunctionGauges> {
  for (const { state, slots } of table.all()) {
    const { name, namespace, replicas, availableReplicas: ready, labels } = state;
    const { limits } = readScalingLimits(labels);
    yield {
      name,
      namespace,
      replicas,
      ready,
      // The last order is in what the provider says at once.
      target: replicas,
      min: limits.min,
      targetLoad: limits.target ?? slots ?? 0,
      scalingType: limits.measure,
    };
  }
}
