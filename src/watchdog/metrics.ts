import { type HistogramSeries, MetricRegistry, type Series } from "../core/metrics.ts";
import { registerProcessMetrics } from "../core/process-metrics.ts";
import type { Bill } from "../process/outcome.ts";
import type { InvocationRecord } from "./telemetry.ts";

/** Every metric of the watchdog. Names, labels and units are a promise (CHANGELOG.md). */
export function createWatchdogMetrics(droppedLogLines: () => number) {
  const registry = new MetricRegistry();
  const requests = createRequestMetrics(registry);
  const processes = createProcessMetrics(registry);
  const queue = createQueueMetrics(registry);
  const loopDelay = registry
    .histogram({
      name: "watchdog_event_loop_delay_seconds",
      help: "How much later than it was due a timer of the watchdog fired, while requests were served.",
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    })
    .with();
  const draining = registry
    .gauge({ name: "watchdog_draining", help: "1 from the beginning of a stop, else 0." })
    .with();
  const droppedHeaders = registry.counter({
    name: "watchdog_dropped_headers_total",
    help: "Request headers that were kept from the function, because their variable means something else.",
    labels: ["reason"],
  });
  registry.observed(
    "counter",
    { name: "watchdog_log_lines_dropped_total", help: "Log lines that nobody read in time." },
    droppedLogLines,
  );
  registerProcessMetrics(registry);
  return {
    ...requests,
    ...processes,
    queue,
    loopDelay,
    draining,
    headerDropped: {
      proxy: droppedHeaders.with("proxy"),
      reserved: droppedHeaders.with("reserved"),
      ambiguous: droppedHeaders.with("ambiguous"),
    },
    registry,
  };
}

/** Methods with a label of their own; clients can invent others without end. */
const METHODS = "GET PUT HEAD POST DELETE CONNECT OPTIONS NOTIFY TRACE PATCH".split(" ");
const KNOWN_METHODS = new Set([...METHODS, ...METHODS.map((method) => method.toLowerCase())]);

interface RequestSeries {
  readonly total: Series;
  readonly duration: HistogramSeries;
}

function createRequestMetrics(registry: MetricRegistry) {
  const labels = ["code", "method"];
  const total = registry.counter({
    name: "http_requests_total",
    help: "total HTTP requests processed",
    labels,
  });
  const duration = registry.histogram({
    name: "http_request_duration_seconds",
    help: "Seconds spent serving HTTP requests.",
    labels,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const inFlight = registry
    .gauge({ name: "http_requests_in_flight", help: "total HTTP requests in-flight" })
    .with();
  // By method and then by status, so that no string is made for a request.
  const known = new Map(
    [...KNOWN_METHODS, "unknown"].map((name) => [name, new Map<number, RequestSeries>()]),
  );
  function createSeries(method: string, status: number): RequestSeries {
    const values = [String(status), method.toLowerCase()];
    const series = { total: total.with(...values), duration: duration.with(...values) };
    known.get(method)?.set(status, series);
    return series;
  }
  return {
    inFlight,
    requestEnded(method: string, status: number, seconds: number): void {
      const name = KNOWN_METHODS.has(method) ? method : "unknown";
      const series = known.get(name)?.get(status) ?? createSeries(name, status);
      series.total.add();
      series.duration.observe(seconds);
    },
  };
}

function createQueueMetrics(registry: MetricRegistry) {
  const depth = registry
    .gauge({ name: "watchdog_queue_depth", help: "Requests that wait for a place." })
    .with();
  const wait = registry
    .histogram({
      name: "watchdog_queue_wait_seconds",
      help: "How long requests waited for a place, had they one in the end or not. Those that got one at once are not in it.",
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    })
    .with();
  return {
    waitStarted: () => depth.add(),
    waitEnded(seconds: number): void {
      depth.add(-1);
      wait.observe(seconds);
    },
  };
}

const MEBIBYTE = 1024 * 1024;

function createProcessMetrics(registry: MetricRegistry) {
  const outcomes = registry.counter({
    name: "watchdog_process_outcomes_total",
    help: "How the function's processes ended.",
    labels: ["outcome"],
  });
  const start = registry
    .histogram({
      name: "watchdog_process_start_seconds",
      help: "From the decision to start a process until it existed.",
      buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    })
    .with();
  const cpu = registry.counter({
    name: "watchdog_process_cpu_seconds_total",
    help: "CPU time of the function's processes, with the children that they waited for.",
    labels: ["kind"],
  });
  const [user, system] = [cpu.with("user"), cpu.with("system")];
  const maxRss = registry
    .histogram({
      name: "watchdog_process_max_rss_bytes",
      help: "Peak memory of the function's processes.",
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048].map((size) => size * MEBIBYTE),
    })
    .with();
  return {
    processEnded(bill: Bill): void {
      start.observe(bill.startMicros / 1e6);
      user.add(bill.userMicros / 1e6);
      system.add(bill.systemMicros / 1e6);
      maxRss.observe(bill.maxRssKiB * 1024);
    },
    invocationEnded({ outcome, bill }: InvocationRecord): void {
      if (bill !== undefined || outcome === "spawn-failed") outcomes.with(outcome).add();
    },
  };
}
