import { parseSecondsOrDuration, toMilliseconds } from "../../core/duration.ts";

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
  const reader = createLabelReader(labels);
  const [min, isFromZero] = readMin(reader);
  const limits: ScalingLimits = {
    ...readMax(reader, min),
    factor: reader.read("factor", parsePercent) ?? DEFAULTS.factor,
    toZero: reader.read("zero", parseBoolean) ?? isFromZero,
    zeroAfterMs: reader.read("zero-duration", parseIdleTime) ?? DEFAULTS.zeroAfterMs,
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
const PREFIX = "com.openfaas.scale.";
const MAX_OF_2017 = "com.faas.max_replicas";

interface Parser<Value> {
  readonly expected: string;
  parse(text: string): Value | undefined;
}

interface LabelReader {
  readonly problems: string[];
  /** By what follows the prefix. `undefined`: not there, or of no use. */
  read<Value>(name: string, parser: Parser<Value>): Value | undefined;
}

function createLabelReader(labels: Labels): LabelReader {
  const problems: string[] = [];
  const read = <Value>(name: string, { parse, expected }: Parser<Value>): Value | undefined => {
    const label = name.includes(".") ? name : PREFIX + name;
    const text = Object.hasOwn(labels, label) ? labels[label] : undefined;
    if (text === undefined) return undefined;
    const value = parse(text.trim());
    if (value === undefined) problems.push(`${label}: found ${quote(text)}, expected ${expected}`);
    return value;
  };
  return { problems, read };
}

/** Who says 0 means that it may go there; what runs at all is one. */
function readMin(reader: LabelReader): [min: number, isFromZero: boolean] {
  const min = reader.read("min", parseCount) ?? DEFAULTS.min;
  return [Math.max(min, 1), min === 0];
}

/** Where they contradict each other, the one that bounds what it costs holds. */
function readMax(reader: LabelReader, min: number): Pick<ScalingLimits, "min" | "max"> {
  const max = reader.read("max", parseMax) ?? reader.read(MAX_OF_2017, parseMax);
  if (max === undefined) return { min, max: Math.max(DEFAULTS.max, min) };
  if (max < min) reader.problems.push(`${PREFIX}min: found ${min}, expected at most ${max}, max`);
  return { min: Math.min(min, max), max };
}

function readMeasure(
  reader: LabelReader,
): Pick<ScalingLimits, "measure" | "target" | "proportion"> {
  const type = reader.read("type", parseMeasure);
  const target = reader.read("target", parseTarget);
  const proportion = reader.read("target-proportion", parseProportion);
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
  expected: "a whole number up to 999999",
  parse: (text) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined),
};

const parseMax: Parser<number> = {
  expected: "a whole number from 1 to 999999",
  parse: (text) => parseCount.parse(text) || undefined,
};

const parsePercent: Parser<number> = {
  expected: "a whole number from 0 to 100",
  parse: (text) => {
    const percent = parseCount.parse(text);
    return percent !== undefined && percent <= 100 ? percent : undefined;
  },
};

const parseBoolean: Parser<boolean> = {
  expected: "true or false",
  parse: (text) => (text === "true" ? true : text === "false" ? false : undefined),
};

const parseIdleTime: Parser<number> = {
  expected: "a duration above 0 such as 15m, or whole seconds",
  parse: (text) => {
    const nanoseconds = parseSecondsOrDuration(text);
    return nanoseconds !== undefined && nanoseconds > 0n ? toMilliseconds(nanoseconds) : undefined;
  },
};

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

const LONGEST_QUOTE = 60;

function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text);
}
