import {
  createSettingsReader,
  milliseconds,
  type Parser,
  type SettingsReader,
  wholeNumber,
} from "../../core/settings.ts";

/** How many replicas a function may have, and what one of them is for. */
export interface ScalingLimits {
  /** At least 1: to zero is another matter. */
  readonly min: number;
  /** At least `min`; where they are equal, their number is nobody's but the user's. */
  readonly max: number;
  /** An alert's step in percent of `max`; 0: alerts add none. */
  readonly factor: number;
  /** May go to zero after `zeroAfterMs` in which nobody asked. */
  readonly toZero: boolean;
  readonly zeroAfterMs: number;
  /** What its load is: requests in flight, or requests that come in a second. */
  readonly measure: "capacity" | "rps";
  /** Load that fills a replica; `undefined`: as many requests as it takes at a time. */
  readonly target: number | undefined;
  /** How much of that is wanted, so that there is room for what comes: above 0, at most 1. */
  readonly proportion: number;
}

export interface LimitsAndProblems {
  readonly limits: ScalingLimits;
  /** A sentence for each label that cannot be used as it is. */
  readonly problems: readonly string[];
}

export type Labels = Readonly<Record<string, string>>;

/**
 * Reads what OpenFaaS's documentation calls scaling labels, and 2017's `com.faas.max_replicas`. What cannot be used is named
 * and its default holds: a label never stands in the way of an invocation.
 */
export function readScalingLimits(labels: Labels): LimitsAndProblems {
  const reader = createSettingsReader(labels);
  const [min, isFromZero] = readMin(reader);
  const limits: ScalingLimits = {
    ...readMax(reader, min),
    factor: reader.read(LABELS.factor, parsePercent) ?? DEFAULTS.factor,
    toZero: reader.read(LABELS.zero, parseBoolean) ?? isFromZero,
    zeroAfterMs: reader.read(LABELS.zeroDuration, parseIdleTime) ?? DEFAULTS.zeroAfterMs,
    ...readMeasure(reader),
  };
  return { limits, problems: reader.problems };
}

/** `factor` is G22's and the documentation's; `target` 50 and `proportion` 0.9 are Pro's, 0.7 is Knative's. */
const DEFAULTS = Object.freeze({
  min: 1,
  max: 20,
  factor: 20,
  zeroAfterMs: 15 * 60_000,
  rpsTarget: 50,
  proportion: 0.9,
  unlabelledProportion: 0.7,
});
const LABELS = {
  min: "com.openfaas.scale.min",
  max: "com.openfaas.scale.max",
  factor: "com.openfaas.scale.factor",
  zero: "com.openfaas.scale.zero",
  zeroDuration: "com.openfaas.scale.zero-duration",
  type: "com.openfaas.scale.type",
  target: "com.openfaas.scale.target",
  proportion: "com.openfaas.scale.target-proportion",
} as const;
const MAX_OF_2017 = "com.faas.max_replicas";

/** Who says 0 means that it may go there; what runs at all is one. */
function readMin(reader: SettingsReader): [min: number, isFromZero: boolean] {
  const min = reader.read(LABELS.min, parseCount) ?? DEFAULTS.min;
  return [Math.max(min, 1), min === 0];
}

/** Where they contradict each other, the one that bounds what it costs holds. */
function readMax(reader: SettingsReader, min: number): Pick<ScalingLimits, "min" | "max"> {
  const max = reader.read(LABELS.max, parseMax) ?? reader.read(MAX_OF_2017, parseMax);
  if (max === undefined) return { min, max: Math.max(DEFAULTS.max, min) };
  if (max < min) reader.problems.push(`${LABELS.min}: found ${min}, expected at most ${max}, max`);
  return { min: Math.min(min, max), max };
}

function readMeasure(
  reader: SettingsReader,
): Pick<ScalingLimits, "measure" | "target" | "proportion"> {
  const type = reader.read(LABELS.type, parseMeasure);
  const target = reader.read(LABELS.target, parseTarget);
  const proportion = reader.read(LABELS.proportion, parseProportion);
  // Without a word about it, it is what Little's law and the replica's own limit say.
  if (type === undefined && target === undefined) {
    const unlabelled = proportion ?? DEFAULTS.unlabelledProportion;
    return { measure: "capacity", target: undefined, proportion: unlabelled };
  }
  const measure = type ?? "rps";
  return {
    measure,
    target: target ?? (measure === "rps" ? DEFAULTS.rpsTarget : undefined),
    proportion: proportion ?? DEFAULTS.proportion,
  };
}

const parseCount: Parser<number> = {
  ...wholeNumber(0, 999_999),
  expected: "a whole number up to 999999",
};
const parseMax = wholeNumber(1, 999_999);
const parsePercent = wholeNumber(0, 100);

const parseBoolean: Parser<boolean> = {
  expected: "true or false",
  parse: (text) => (text === "true" ? true : text === "false" ? false : undefined),
};

const parseIdleTime = milliseconds(
  "a duration above 0 such as 15m, or whole seconds",
  (idleMs) => idleMs > 0,
);

const parseMeasure: Parser<ScalingLimits["measure"]> = {
  expected: "rps or capacity",
  parse: (text) => (text === "rps" || text === "capacity" ? text : undefined),
};

const parseTarget: Parser<number> = {
  expected: "a number above 0",
  parse: (text) => {
    const target = /^(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})$/.test(text) ? Number(text) : 0;
    return target > 0 ? target : undefined;
  },
};

const parseProportion: Parser<number> = {
  expected: "a number above 0 and at most 1",
  parse: (text) => {
    const proportion = parseTarget.parse(text);
    return proportion !== undefined && proportion <= 1 ? proportion : undefined;
  },
};
