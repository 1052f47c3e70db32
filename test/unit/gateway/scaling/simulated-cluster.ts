import { LoadCounter, type WaitingRequest } from "../../../../src/gateway/scaling/load-counter.ts";
import { ScaledFunction } from "../../../../src/gateway/scaling/scaled-function.ts";

export interface ClusterOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly replicas?: number;
  /** Requests that a replica takes at a time. */
  readonly slots?: number;
  /** From the order to the first answer. */
  readonly startMs?: number;
  /** How long each request takes. */
  readonly serviceMs?: number;
}

const STEP_MS = 10;
const TICK_MS = 2_000;

/** Replicas that serve requests in simulated time, the first come first, and a function that is scaled by what was counted. */
export class SimulatedCluster {
  nowMs = 0;
  replicas: number;
  readonly counter = new LoadCounter(() => this.nowMs);
  readonly #options: Required<ClusterOptions>;
  readonly #function: ScaledFunction;
  /** When each replica beyond those that were there answers. */
  #readyAtMs: number[];
  readonly #waiting: WaitingRequest[] = [];
  /** When each request that is in flight ends; all take as long, so they end in their order. */
  readonly #endsAtMs: number[] = [];
  #due = 0;

  constructor(options: ClusterOptions = {}) {
    this.#options = { labels: {}, replicas: 1, slots: 1, startMs: 300, serviceMs: 100, ...options };
    this.replicas = this.#options.replicas;
    this.#readyAtMs = new Array<number>(this.replicas).fill(0);
    this.#function = new ScaledFunction(0, TICK_MS, this.#observed());
  }

  /** For so many seconds with so many requests a second, evenly spaced: the replicas after each tick. */
  run(seconds: number, perSecond: number, gap: () => number = () => 1): number[] {
    const series: number[] = [];
    const untilMs = this.nowMs + seconds * 1_000;
    while (this.nowMs < untilMs) {
      this.#step(perSecond, gap);
      if (this.nowMs % TICK_MS === 0) series.push(this.#tick());
    }
    return series;
  }

  #step(perSecond: number, gap: () => number): void {
    this.nowMs += STEP_MS;
    while ((this.#endsAtMs[0] ?? Number.POSITIVE_INFINITY) <= this.nowMs) {
      this.#endsAtMs.shift();
      this.counter.end();
    }
    this.#due -= (perSecond * STEP_MS) / 1_000;
    while (perSecond > 0 && this.#due <= 0) {
      this.#waiting.push(this.counter.wait());
      this.#due += gap();
    }
    while (
      this.#waiting.length > 0 &&
      this.counter.inFlight < this.#ready() * this.#options.slots
    ) {
      this.#waiting.shift()?.begin();
      this.#endsAtMs.push(this.nowMs + this.#options.serviceMs);
    }
  }

  #tick(): number {
    this.#function.observe(this.nowMs, this.#observed());
    const { replicas } = this.#function.decide(this.nowMs, this.#observed());
    this.#readyAtMs = this.#readyAtMs.slice(0, replicas);
    while (this.#readyAtMs.length < replicas)
      this.#readyAtMs.push(this.nowMs + this.#options.startMs);
    this.replicas = replicas;
    return replicas;
  }

  #ready(): number {
    return this.#readyAtMs.filter((atMs) => atMs <= this.nowMs).length;
  }

  #observed() {
    const state = {
      name: "f",
      namespace: "",
      labels: this.#options.labels,
      replicas: this.replicas,
      availableReplicas: this.#ready(),
    };
    return { state, slots: this.#options.slots, load: this.counter };
  }
}

/** What it was, one after the other: `[1, 1, 2, 2]` becomes `[1, 2]`. */
export function changesOf(series: readonly number[]): number[] {
  return series.filter((replicas, index) => replicas !== series[index - 1]);
}
