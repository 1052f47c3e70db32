import type { FunctionId, FunctionState } from "../../provider/provider.ts";
import { CALM, type Decision, decideReplicas, type ScalingState } from "./decide-replicas.ts";
import { type Labels, readScalingLimits, type ScalingLimits } from "./limits.ts";
import { type FunctionLoad, NO_LOAD } from "./load-counter.ts";
import { LoadHistory } from "./load-history.ts";

/** A function as the gateway knows it just now. */
export interface ObservedFunction {
  readonly state: FunctionId & Pick<FunctionState, "labels" | "replicas" | "availableReplicas">;
  /** How many requests a replica takes at a time; `undefined`: as many as come, or not known. */
  readonly slots: number | undefined;
  /** `undefined`: nobody has asked it anything yet. */
  readonly load: FunctionLoad | undefined;
}

/** What the autoscaler remembers of one function. */
export class ScaledFunction {
  /** The tick in which it was there. */
  seenInTick = 0;
  limits: ScalingLimits;
  readonly #history: LoadHistory;
  #labels: Labels;
  #problems = "";
  #state: ScalingState = CALM;

  constructor(nowMs: number, tickMs: number, { state, load = NO_LOAD }: ObservedFunction) {
    this.#history = new LoadHistory(nowMs, tickMs, load, state.replicas);
    this.#labels = state.labels;
    this.limits = readScalingLimits(state.labels).limits;
  }

  observe(nowMs: number, { state, load = NO_LOAD }: ObservedFunction): void {
    this.#history.observe(nowMs, load, state.replicas);
  }

  /** What is wrong with its labels, if it is not what was wrong with them before. */
  readLabels({ state }: ObservedFunction): readonly string[] {
    if (state.labels === this.#labels && this.seenInTick > 0) return [];
    const { limits, problems } = readScalingLimits(state.labels);
    this.limits = limits;
    this.#labels = state.labels;
    const isSame = problems.join("\n") === this.#problems;
    this.#problems = problems.join("\n");
    return isSame ? [] : problems;
  }

  decide(nowMs: number, { state, slots, load = NO_LOAD }: ObservedFunction): Decision {
    const observation = {
      nowMs,
      demand: this.#history.demand,
      inFlight: load.inFlight,
      waiting: load.waiting,
      longestWaitMs: load.longestWaitMs,
      replicas: state.replicas,
      ready: state.availableReplicas,
      slots,
      idleMs: this.#history.idleMs,
      settledMs: this.#history.settledMs,
    };
    const decision = decideReplicas(observation, this.limits, this.#state);
    this.#state = decision.state;
    return decision;
  }
}
