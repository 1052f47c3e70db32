import type { Observation } from "../../../../src/gateway/scaling/decide-replicas.ts";
import { readScalingLimits, type ScalingLimits } from "../../../../src/gateway/scaling/limits.ts";
import { type Demand, NO_DEMAND, type Rates } from "../../../../src/gateway/scaling/load-window.ts";

/** By what follows `com.openfaas.scale.`. */
export function limitsOf(labels: Readonly<Record<string, string>> = {}): ScalingLimits {
  const entries = Object.entries(labels).map(([name, value]) => [
    `com.openfaas.scale.${name}`,
    value,
  ]);
  return readScalingLimits(Object.fromEntries(entries)).limits;
}

/** A function with one replica of one slot, that has been quiet for a while. */
export function observe(seen: Partial<Observation> = {}): Observation {
  const replicas = seen.replicas ?? 1;
  return {
    nowMs: 1_000_000,
    demand: NO_DEMAND,
    inFlight: 0,
    waiting: 0,
    longestWaitMs: 0,
    ready: replicas,
    slots: 1,
    idleMs: 0,
    settledMs: 120_000,
    ...seen,
    replicas,
  };
}

/** The same load all the time, or another one in the last six seconds or in the busiest ones. */
export function demandOf(
  stable: Partial<Rates>,
  recent: Partial<Rates> = stable,
  peak: Partial<Rates> = recent,
): Demand {
  const rates = (some: Partial<Rates>): Rates => ({ inFlight: 0, perSecond: 0, ...some });
  return { ...NO_DEMAND, stable: rates(stable), recent: rates(recent), peak: rates(peak) };
}
