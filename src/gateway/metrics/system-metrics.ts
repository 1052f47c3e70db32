import type { HistogramSeries, MetricRegistry, Series } from "../../core/metrics.ts";
import { SECONDS_BUCKETS } from "./function-metrics.ts";

/** Methods with a label of their own; clients can invent others without end. */
const METHODS = new Set("GET HEAD POST PUT DELETE PATCH OPTIONS".split(" "));

/** Of a method or a path that is not one of ours. No name of a function is written so. */
export const UNKNOWN = "(unknown)";

interface RouteSeries {
  readonly total: Series;
  readonly seconds: HistogramSeries;
}

/** Counts the requests that manage functions. */
export type CountSystemRequest = (
  method: string,
  /** As the route table has it (`/system/function/{name}`), of which there are not many; `undefined`: there is no such route. */
  path: string | undefined,
  status: number,
  seconds: number,
) => void;

export function createSystemMetrics(registry: MetricRegistry): CountSystemRequest {
  const labels = ["method", "path", "status"];
  const total = registry.counter({
    name: "http_requests_total",
    help: "The total number of HTTP requests.",
    labels,
  });
  const seconds = registry.histogram({
    name: "http_request_duration_seconds",
    help: "Seconds spent serving HTTP requests.",
    labels,
    buckets: SECONDS_BUCKETS,
  });
  const known = new Map<string, RouteSeries>();
  return (method, path, status, taken) => {
    const values = [METHODS.has(method) ? method : UNKNOWN, path ?? UNKNOWN, String(status)];
    const key = values.join(" ");
    const series = known.get(key) ?? {
      total: total.with(...values),
      seconds: seconds.with(...values),
    };
    known.set(key, series);
    series.total.add();
    series.seconds.observe(taken);
  };
}
