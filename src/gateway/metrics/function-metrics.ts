import type { Family, HistogramSeries, MetricRegistry, Series } from "../../core/metrics.ts";

/** Prometheus's own default buckets, which the Go gateways have. */
export const SECONDS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The series of all functions, by name. */
export interface FunctionFamilies {
  readonly total: Family<Series>;
  readonly seconds: Family<HistogramSeries>;
  readonly started: Family<Series>;
  readonly inFlight: Family<Series>;
  readonly waiting: Family<Series>;
  readonly coldStarts: Family<Series>;
}

export function createFunctionFamilies(registry: MetricRegistry): FunctionFamilies {
  const labels = ["function_name"];
  return {
    total: registry.counter({
      name: "gateway_function_invocation_total",
      help: "Function metrics",
      labels: ["function_name", "code"],
    }),
    seconds: registry.histogram({
      name: "gateway_functions_seconds",
      help: "Function time taken",
      labels: ["function_name", "code"],
      buckets: SECONDS_BUCKETS,
    }),
    started: registry.counter({
      name: "gateway_function_invocation_started",
      help: "The total number of function HTTP requests started.",
      labels,
    }),
    inFlight: registry.gauge({
      name: "gateway_functions_in_flight",
      help: "Invocations that have started and not ended.",
      labels,
    }),
    waiting: registry.gauge({
      name: "gateway_functions_waiting",
      help: "Of those in flight, how many wait for a replica.",
      labels,
    }),
    coldStarts: registry.counter({
      name: "gateway_cold_starts_total",
      help: "How often a function without replicas was given one because of a request.",
      labels,
    }),
  };
}

/** 2017's dashboards expect these of a function that nobody has invoked yet. */
const FIRST_CODES = [200, 500];

interface CodeSeries {
  readonly total: Series;
  readonly seconds: HistogramSeries;
}

/** The counters of one function. */
export class FunctionMetrics {
  readonly #families: FunctionFamilies;
  readonly #label: string;
  readonly #started: Series;
  readonly #inFlight: Series;
  readonly #waiting: Series;
  readonly #coldStarts: Series;
  /** By status, so that no string is made for an invocation. */
  readonly #byCode = new Map<number, CodeSeries>();
  #isRemoved = false;

  constructor(families: FunctionFamilies, label: string) {
    this.#families = families;
    this.#label = label;
    this.#started = families.started.with(label);
    this.#inFlight = families.inFlight.with(label);
    this.#waiting = families.waiting.with(label);
    this.#coldStarts = families.coldStarts.with(label);
    for (const code of FIRST_CODES) families.total.with(label, String(code));
  }

  /** How many have ended. */
  get count(): number {
    let count = 0;
    for (const { total } of this.#byCode.values()) count += total.value;
    return count;
  }

  started(): void {
    this.#started.add();
    this.#inFlight.add();
  }

  /** Once for each that has started. */
  ended(status: number, seconds: number): void {
    this.#inFlight.add(-1);
    if (this.#isRemoved) return;
    const series = this.#byCode.get(status) ?? this.#createSeries(status);
    series.total.add();
    series.seconds.observe(seconds);
  }

  /** One waits for a replica. */
  waitStarted(): void {
    this.#waiting.add();
  }

  waitEnded(): void {
    this.#waiting.add(-1);
  }

  coldStarted(): void {
    this.#coldStarts.add();
  }

  /** The function is gone. What still ends of it is not written any more. */
  remove(): void {
    this.#isRemoved = true;
    const { total, seconds, ...others } = this.#families;
    for (const family of Object.values(others)) family.remove(this.#label);
    for (const code of new Set([...FIRST_CODES, ...this.#byCode.keys()])) {
      total.remove(this.#label, String(code));
      seconds.remove(this.#label, String(code));
    }
  }

  #createSeries(status: number): CodeSeries {
    const values = [this.#label, String(status)];
    const series = {
      total: this.#families.total.with(...values),
      seconds: this.#families.seconds.with(...values),
    };
    this.#byCode.set(status, series);
    return series;
  }
}
