import type { ScalingLimits } from "./limits.ts";

/** What an alert does to a number of replicas: as OpenFaaS did it from April 2017 to March 2018, or does it from November 2018 on. */
export type AlertArithmetic = "2017" | "current";

export interface AlertStep {
  /** As many as are wanted now. */
  readonly current: number;
  /** False: it is over. */
  readonly isFiring: boolean;
  readonly limits: Pick<ScalingLimits, "min" | "max" | "factor">;
}

/** How many are wanted after it. Never more than the maximum, which the first of 2017's steps went beyond. */
export function stepForAlert(arithmetic: AlertArithmetic, step: AlertStep): number {
  if (step.limits.min === step.limits.max) return step.current;
  return Math.min(BY_ARITHMETIC[arithmetic](step), step.limits.max);
}

const BY_ARITHMETIC: Readonly<Record<AlertArithmetic, (step: AlertStep) => number>> = {
  "2017": constantStep,
  current: proportionalStep,
};

const STEP_OF_2017 = 5;

function constantStep({ current, isFiring, limits }: AlertStep): number {
  if (!isFiring) return limits.min;
  return current === 1 ? STEP_OF_2017 : current + STEP_OF_2017;
}

function proportionalStep({ current, isFiring, limits }: AlertStep): number {
  // Multiplied first: 55 / 100 * 20 is a little more than 11.
  const step = Math.ceil((limits.max * limits.factor) / 100);
  return isFiring && step > 0 ? current + step : limits.min;
}
