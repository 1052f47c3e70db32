import type { FunctionId } from "../../provider/provider.ts";
import type { Decision } from "./decide-replicas.ts";
import { functionKey } from "./function-turns.ts";
import type { ScaleOrders } from "./scale-orders.ts";
import { type ObservedFunction, ScaledFunction } from "./scaled-function.ts";
import type { OnScalingEvent } from "./scaling-event.ts";

export interface AutoscalerOptions {
  /** All there are, as they are now, from memory: it is asked every tick. */
  readonly functions: () => Iterable<ObservedFunction>;
  readonly orders: ScaleOrders;
  readonly onEvent: OnScalingEvent;
  /** Alerts do the rest: only what idles is taken to zero. @defaultValue false */
  readonly isIdleOnly?: boolean;
  /** @defaultValue 2000, as Knative's */
  readonly tickMs?: number;
  /** In milliseconds that only grow. */
  readonly now?: () => number;
}

const DEFAULTS = Object.freeze({ isIdleOnly: false, tickMs: 2_000, now: () => performance.now() });
/** So that a thousand functions that fall idle together do not end in one moment. What grows never waits. */
const MOST_SHRINKING = 16;

/** Has each function as many replicas as its load asks for. */
export class Autoscaler implements AsyncDisposable {
  readonly #options: Required<AutoscalerOptions>;
  readonly #known = new Map<string, ScaledFunction>();
  readonly #pending = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #tick = 0;
  #shrinking = 0;

  constructor(options: AutoscalerOptions) {
    this.#options = { ...DEFAULTS, ...options };
  }

  start(): void {
    this.#timer ??= setInterval(() => this.tick(), this.#options.tickMs).unref();
  }

  /** Looks at all functions, and gives orders for those that want another number. Does not wait for these. */
  tick(): void {
    const nowMs = this.#options.now();
    this.#tick++;
    for (const seen of this.#options.functions()) this.#look(nowMs, seen);
    for (const [key, { seenInTick }] of this.#known) {
      if (seenInTick !== this.#tick) this.#known.delete(key);
    }
  }

  /** Until no order is under way. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** Gives no more orders, and gives up those under way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closing.abort();
    await this.settled();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #look(nowMs: number, seen: ObservedFunction): void {
    const { orders, onEvent, isIdleOnly } = this.#options;
    const { state } = seen;
    const known = this.#know(nowMs, seen);
    const problems = known.readLabels(seen);
    if (problems.length > 0) onEvent({ kind: "badLabels", id: idOf(state), problems });
    known.seenInTick = this.#tick;
    known.observe(nowMs, seen);
    const decision = known.decide(nowMs, seen);
    const shrinks = decision.replicas < state.replicas;
    if (decision.replicas === state.replicas || orders.isBusy(state)) return;
    if (isIdleOnly && decision.reason !== "idle") return;
    if (this.#closing.signal.aborted || (shrinks && this.#shrinking >= MOST_SHRINKING)) return;
    this.#order(seen, decision);
  }

  #know(nowMs: number, seen: ObservedFunction): ScaledFunction {
    const key = functionKey(seen.state);
    const known = this.#known.get(key) ?? new ScaledFunction(nowMs, this.#options.tickMs, seen);
    this.#known.set(key, known);
    return known;
  }

  #order({ state }: ObservedFunction, { replicas: to, reason }: Decision): void {
    const { orders } = this.#options;
    const { signal } = this.#closing;
    const weight = to < state.replicas ? 1 : 0;
    const id = idOf(state);
    this.#shrinking += weight;
    const order = orders
      .take(id, () => orders.scale({ id, from: state.replicas, to, reason }, signal))
      // It has been told, and the next tick looks again.
      .catch(() => undefined)
      .finally(() => {
        this.#shrinking -= weight;
        this.#pending.delete(order);
      });
    this.#pending.add(order);
  }
}

function idOf({ name, namespace }: FunctionId): FunctionId {
  return { name, namespace };
}
