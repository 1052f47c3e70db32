import type { FunctionId } from "../../provider/provider.ts";
import type { Decision } from "./decide-replicas.ts";

/** What is worth a line in the log, or a count. */
export type ScalingEvent =
  | ScaledEvent
  /** An order; told once until one succeeds, or fails in another way. */
  | { readonly kind: "failed"; readonly id: FunctionId; readonly error: unknown }
  /** Told once until they change. */
  | { readonly kind: "badLabels"; readonly id: FunctionId; readonly problems: readonly string[] }
  /** Alerts come, and this gateway scales by its own counters; told once. */
  | { readonly kind: "alertsNotChosen" }
  /** The first replica answers, after so long; so many waited for it. */
  | {
      readonly kind: "woken";
      readonly id: FunctionId;
      readonly milliseconds: number;
      readonly waiters: number;
    };

/** The provider took an order. */
export interface ScaledEvent {
  readonly kind: "scaled";
  readonly id: FunctionId;
  readonly from: number;
  readonly to: number;
  readonly reason: Decision["reason"] | "alert" | "request";
}

export type OnScalingEvent = (event: ScalingEvent) => void;
