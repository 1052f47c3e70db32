/**
 * Counters, gauges and histograms in Prometheus's text format 0.0.4. Small and fast rather than complete: a series is looked
 * up once and kept by whoever observes; what is known elsewhere is read when it is asked for.
 */
export interface MetricDescription {
  readonly name: string;
  readonly help: string;
  /** In the order in which they are written. */
  readonly labels?: readonly string[];
}

export interface HistogramDescription extends MetricDescription {
  /** Upper bounds, ascending, without infinity. */
  readonly buckets: readonly number[];
}

export type MetricType = "counter" | "gauge" | "histogram";

/** A name with its labels. */
export class Series {
  value = 0;

  add(amount = 1): void {
    this.value += amount;
  }
}

export class HistogramSeries {
  readonly bounds: readonly number[];
  /** One for each bound, not cumulated, and one for what is above them all. */
  readonly counts: number[];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    let index = 0;
    while (index < this.bounds.length && value > (this.bounds[index] as number)) index += 1;
    this.counts[index] = (this.counts[index] as number) + 1;
    this.sum += value;
  }
}

/** The series of one name, made when their labels are first asked for. */
export class Family<S> {
  readonly #series = new Map<string, S>();
  readonly #labels: readonly string[];
  readonly #create: () => S;

  constructor(labels: readonly string[], create: () => S) {
    this.#labels = labels;
    this.#create = create;
    if (labels.length === 0) this.with();
  }

  /** The series with these labels' values, in the order of the description. */
  with(...values: readonly string[]): S {
    const key = labelled(this.#labels, values);
    const series = this.#series.get(key) ?? this.#create();
    this.#series.set(key, series);
    return series;
  }

  /** What it was about is gone: the series is not written any more, whoever still has it. */
  remove(...values: readonly string[]): void {
    this.#series.delete(labelled(this.#labels, values));
  }

  /** By their labels, written out. */
  entries(): Iterable<[string, S]> {
    return this.#series.entries();
  }
}

interface Metric {
  readonly type: MetricType;
  readonly description: MetricDescription;
  lines(): string[];
}

export class MetricRegistry {
  readonly #metrics: Metric[] = [];

  counter(description: MetricDescription): Family<Series> {
    return this.#numbers("counter", description);
  }

  gauge(description: MetricDescription): Family<Series> {
    return this.#numbers("gauge", description);
  }

  /** A number that is known elsewhere; `undefined` where it cannot be had. */
  observed(
    type: "counter" | "gauge",
    description: MetricDescription,
    read: () => number | undefined,
  ): void {
    this.#add(type, description, () => {
      const value = read();
      return value === undefined ? [] : [sample(description.name, "", value)];
    });
  }

  /** Numbers that are known elsewhere, each with its labels' values in the order of the description. */
  collected(
    type: "counter" | "gauge",
    description: MetricDescription,
    read: () => Iterable<readonly [values: readonly string[], value: number]>,
  ): void {
    const { name, labels = [] } = description;
    this.#add(type, description, () =>
      Array.from(read(), ([values, value]) => sample(name, labelled(labels, values), value)),
    );
  }

  histogram(description: HistogramDescription): Family<HistogramSeries> {
    const { name, labels = [], buckets } = description;
    const family = new Family(labels, () => new HistogramSeries(buckets));
    this.#add("histogram", description, () =>
      [...family.entries()].flatMap(([key, series]) => histogramLines(name, key, series)),
    );
    return family;
  }

  render(): string {
    return this.#metrics.map(renderMetric).join("");
  }

  /** What there is, for whoever documents it. */
  descriptions(): readonly (MetricDescription & { readonly type: MetricType })[] {
    return this.#metrics.map(({ type, description }) => ({ ...description, type }));
  }

  #numbers(type: "counter" | "gauge", description: MetricDescription): Family<Series> {
    const family = new Family(description.labels ?? [], () => new Series());
    this.#add(type, description, () =>
      [...family.entries()].map(([key, { value }]) => sample(description.name, key, value)),
    );
    return family;
  }

  #add(type: MetricType, description: MetricDescription, lines: () => string[]): void {
    this.#metrics.push({ type, description, lines });
  }
}

function labelled(labels: readonly string[], values: readonly string[]): string {
  return labels.map((label, index) => `${label}="${escapeLabel(values[index] ?? "")}"`).join(",");
}

/** Nothing of a metric is written before it has a series, as with Prometheus's own libraries. */
function renderMetric({ type, description: { name, help }, lines }: Metric): string {
  const written = lines();
  if (written.length === 0) return "";
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${written.join("\n")}\n`;
}

function histogramLines(name: string, key: string, series: HistogramSeries): string[] {
  const prefix = key === "" ? "" : `${key},`;
  let total = 0;
  const buckets = series.counts.map((count, index) => {
    total += count;
    const bound = series.bounds[index] ?? Number.POSITIVE_INFINITY;
    return sample(`${name}_bucket`, `${prefix}le="${formatValue(bound)}"`, total);
  });
  return [...buckets, sample(`${name}_sum`, key, series.sum), sample(`${name}_count`, key, total)];
}

function sample(name: string, key: string, value: number): string {
  return `${name}${key === "" ? "" : `{${key}}`} ${formatValue(value)}`;
}

function formatValue(value: number): string {
  return Number.isFinite(value)
    ? String(value)
    : Number.isNaN(value)
      ? "NaN"
      : value > 0
        ? "+Inf"
        : "-Inf";
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
