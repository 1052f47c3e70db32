import type { ScalingLimits } from "./limits.ts";
import { WANTED_WAIT_MS } from "./load-counter.ts";
import { type Demand, type Rates, STABLE_MS } from "./load-window.ts";

/** A function as it is now. */
export interface Observation {
  /** Of any clock that only grows. */
  readonly nowMs: number;
  readonly demand: Demand;
  readonly inFlight: number;
  readonly waiting: number;
  readonly longestWaitMs: number;
  /** As many as are wanted so far. */
  readonly replicas: number;
  /** As many as answer. */
  readonly ready: number;
  /** How many requests a replica takes at a time; `undefined`: as many as come. */
  readonly slots: number | undefined;
  /** For how long nobody has asked. */
  readonly idleMs: number;
  /** For how long there have been no more replicas than before. */
  readonly settledMs: number;
}

/** What one decision leaves for the next. */
export interface ScalingState {
  /** A burst was seen a stable window before: until then nothing is taken away. */
  readonly panicUntilMs: number;
}

export const CALM: ScalingState = Object.freeze({ panicUntilMs: Number.NEGATIVE_INFINITY });

export interface Decision {
  readonly replicas: number;
  readonly reason: "idle" | "load" | "burst" | "waiting";
  readonly state: ScalingState;
}

/**
 * How many replicas are wanted. Up at once, by the mean load of a minute, by that of six seconds in a burst, and by who waits
 * too long. Down after a minute without a reason to go up, to what the busiest six seconds of it needed, by half at most,
 * never below what is in flight nor while somebody waits. To zero only from idleness, where it is allowed; from zero never:
 * that is for whoever waits.
 */
export function decideReplicas(
  seen: Observation,
  limits: ScalingLimits,
  before: ScalingState,
): Decision {
  const burst = replicasFor(seen.demand.recent, seen, limits);
  const isBurst = burst >= PANIC_RATIO * Math.max(seen.ready, 1);
  const state = isBurst ? { panicUntilMs: seen.nowMs + STABLE_MS } : before;
  const isPanic = seen.nowMs < state.panicUntilMs;
  if (mayGoToZero(seen, limits) && !isPanic) return { replicas: 0, reason: "idle", state };
  if (seen.replicas === 0 || limits.min === limits.max) {
    return { replicas: seen.replicas, reason: "load", state };
  }
  const load = replicasFor(seen.demand.stable, seen, limits);
  const [wanted, reason] = largest([
    [load, "load"],
    [isPanic ? burst : 0, "burst"],
    [replicasForWaiting(seen), "waiting"],
  ]);
  const bounded = Math.min(Math.max(wanted, limits.min), limits.max);
  if (bounded >= seen.replicas) return { replicas: bounded, reason, state };
  const isHeld = isPanic || seen.waiting > 0 || seen.settledMs < STABLE_MS;
  const replicas = isHeld ? seen.replicas : Math.max(bounded, fewest(seen, limits));
  return { replicas, reason: "load", state };
}

/** Twice of what there is, or more, is a burst. */
const PANIC_RATIO = 2;
/** More than one in twenty who waited too long means that the 95th percentile did. */
const LATE_SHARE = 0.05;
/** Of a replica that says nothing about it: what OpenFaaS's documentation takes for one's load. */
const SLOTS_UNSAID = 50;
/** What floating point makes of 2.1 / 0.7 must not cost a replica. */
const ROUNDING = 1e-9;

function replicasFor(rates: Rates, seen: Observation, limits: ScalingLimits): number {
  const load = limits.measure === "rps" ? rates.perSecond : rates.inFlight;
  return Math.ceil(load / (fullLoad(seen, limits) * limits.proportion) - ROUNDING);
}

function fullLoad({ slots }: Observation, { measure, target }: ScalingLimits): number {
  const full = target ?? slots ?? SLOTS_UNSAID;
  // No replica ever has more in flight than it takes.
  return measure === "capacity" && slots !== undefined ? Math.min(full, slots) : full;
}

/** Where the first replica is still starting, nobody knows yet how soon all who wait for it will be served. */
function replicasForWaiting(seen: Observation): number {
  const { ready, waiting, demand } = seen;
  const isTooLong = seen.longestWaitMs > WANTED_WAIT_MS || demand.lateShare > LATE_SHARE;
  if (ready === 0 || !isTooLong) return 0;
  const slots = seen.slots ?? SLOTS_UNSAID;
  // Whoever was refused may be one client that tries again and again, so they double it at most.
  const refused = Math.min(demand.refused, ready * slots);
  return ready + Math.ceil((waiting + refused) / slots);
}

function fewest(seen: Observation, limits: ScalingLimits): number {
  const busy = Math.ceil(seen.inFlight / (seen.slots ?? SLOTS_UNSAID));
  const peak = replicasFor(seen.demand.peak, seen, limits);
  return Math.min(seen.replicas, Math.max(busy, peak, Math.ceil(seen.replicas / 2)));
}

function mayGoToZero(seen: Observation, limits: ScalingLimits): boolean {
  const isQuiet = seen.inFlight === 0 && seen.waiting === 0;
  return limits.toZero && isQuiet && seen.idleMs >= limits.zeroAfterMs;
}

type Wish = readonly [replicas: number, reason: Decision["reason"]];

function largest(wishes: readonly [Wish, ...Wish[]]): Wish {
  return wishes.reduce((most, wish) => (wish[0] > most[0] ? wish : most));
}
