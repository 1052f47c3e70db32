import { Counter, Histogram, Registry } from "prom-client";
import { describe, test } from "vitest";
import { SECONDS_BUCKETS } from "../../../../src/gateway/metrics/function-metrics.ts";
import { createMetrics, FUNCTION, QUEUE } from "./metrics.ts";

const ECHO = { name: "echoit", namespace: "openfaas-fn" };

/** The lines of a metric that have a value. */
function samples(text: string, name: string): readonly string[] {
  return text.split("\n").filter((line) => new RegExp(`^${name}[ {]`).test(line));
}

/** Everything about a metric, and nothing about those whose names only begin in the same way. */
function section(text: string, name: string): string {
  const [, found = ""] = new RegExp(`(# HELP ${name} [^]*?)(?=# HELP |$)`).exec(text) ?? [];
  return found;
}

/** prom-client writes `le` before the labels, Prometheus's own libraries behind them. */
const withBoundLast = (text: string) => text.replace(/\{le="([^"]*)",(.*)\} /g, '{$2,le="$1"} ');

describe("an invocation", () => {
  test("is counted under the names, labels and buckets that dashboards know", async ({
    expect,
  }) => {
    const metrics = createMetrics();
    const theirs = new Registry();
    const registers = [theirs];
    const labelNames = ["function_name", "code"];
    const total = new Counter({
      ...{ name: "gateway_function_invocation_total", help: "Function metrics" },
      ...{ labelNames, registers },
    });
    const seconds = new Histogram({
      ...{ name: "gateway_functions_seconds", help: "Function time taken" },
      ...{ labelNames, registers, buckets: [...SECONDS_BUCKETS] },
    });
    const echo = metrics.of(ECHO);
    for (const code of ["200", "500"]) {
      for (const function_name of ["(unknown)", "echoit"]) total.inc({ function_name, code }, 0);
    }
    for (const [status, taken] of [
      [200, 0.003],
      [200, 0.3],
      [404, 20],
    ] as const) {
      const labels = { function_name: "echoit", code: String(status) };
      echo.started();
      echo.ended(status, taken);
      total.inc(labels);
      seconds.observe(labels, taken);
    }
    const ours = metrics.registry.render();
    const sorted = (text: string) => text.trimEnd().split("\n").toSorted();
    for (const name of ["gateway_function_invocation_total", "gateway_functions_seconds"]) {
      const expected = withBoundLast(await theirs.getSingleMetricAsString(name));
      expect(sorted(section(ours, name))).toEqual(sorted(expected));
    }
  });

  test("is in flight from its start to its end", ({ expect }) => {
    const metrics = createMetrics();
    const echo = metrics.of(ECHO);
    echo.started();
    echo.started();
    echo.waitStarted();
    const during = metrics.registry.render();
    expect(during).toContain('gateway_functions_in_flight{function_name="echoit"} 2\n');
    expect(during).toContain('gateway_functions_waiting{function_name="echoit"} 1\n');
    echo.waitEnded();
    echo.ended(200, 0.1);
    echo.ended(499, 0.1);
    const after = metrics.registry.render();
    expect(after).toContain('gateway_functions_in_flight{function_name="echoit"} 0\n');
    expect(after).toContain('gateway_functions_waiting{function_name="echoit"} 0\n');
    expect(after).toContain('gateway_function_invocation_started{function_name="echoit"} 2\n');
  });

  test("of a function that nobody has invoked is there with 0, as in 2017", ({ expect }) => {
    const metrics = createMetrics();
    metrics.of(ECHO);
    const text = metrics.registry.render();
    for (const code of [200, 500]) {
      const sample = `gateway_function_invocation_total{function_name="echoit",code="${code}"} 0\n`;
      expect(text).toContain(sample);
    }
  });
});

describe("a function", () => {
  test.for([
    [false, "openfaas-fn", "echoit"],
    [false, "prod", "echoit.prod"],
    [true, "openfaas-fn", "echoit.openfaas-fn"],
  ] as const)("with namespaces in labels: %s, in %s is called %s", (row, { expect }) => {
    const [labelsNamespace, namespace, label] = row;
    const metrics = createMetrics({ labelsNamespace });
    metrics.of({ name: "echoit", namespace }).started();
    expect(metrics.registry.render()).toContain(`_started{function_name="${label}"} 1\n`);
  });

  test("has the same counters until it is forgotten, and then there is nothing of it", ({
    expect,
  }) => {
    const metrics = createMetrics();
    const echo = metrics.of(ECHO);
    expect(metrics.of({ ...ECHO })).toBe(echo);
    echo.started();
    metrics.forget(ECHO);
    echo.ended(418, 1);
    metrics.forget(ECHO);
    expect(metrics.registry.render()).not.toContain("echoit");
    expect(metrics.of(ECHO)).not.toBe(echo);
    expect(metrics.registry.render()).toContain('in_flight{function_name="echoit"} 0\n');
  });

  test("T48: 10,000 functions that came and went leave nothing behind", ({ expect }) => {
    const metrics = createMetrics();
    const before = metrics.registry.render().split("\n").length;
    for (let index = 0; index < 10_000; index += 1) {
      const id = { name: `f${index}`, namespace: "ns" };
      const counters = metrics.of(id);
      counters.started();
      counters.ended(200 + (index % 300), 0.1);
      metrics.forget(id);
    }
    expect(metrics.registry.render().split("\n").length).toBe(before);
  });
});

describe("T48: what clients invent", () => {
  test("a name is looked for without a series that is made for it", ({ expect }) => {
    const metrics = createMetrics();
    expect(metrics.find(ECHO)).toBeUndefined();
    expect(metrics.registry.render()).not.toContain("echoit");
    expect(metrics.of(ECHO)).toBe(metrics.find(ECHO));
  });

  test("10,000 names that are no function's share one label, which is no function's", ({
    expect,
  }) => {
    const metrics = createMetrics();
    for (let index = 0; index < 10_000; index += 1) {
      metrics.unknown.started();
      metrics.unknown.ended(404, 0.001);
    }
    const text = metrics.registry.render();
    expect(samples(text, "gateway_function_invocation_started")).toEqual([
      'gateway_function_invocation_started{function_name="(unknown)"} 10000',
    ]);
    expect("(unknown)").not.toMatch(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/);
  });

  test("methods and paths share one label each", ({ expect }) => {
    const metrics = createMetrics();
    metrics.countSystemRequest("GET", "/system/functions", 200, 0.01);
    for (let index = 0; index < 1_000; index += 1) {
      metrics.countSystemRequest(`X${index}`, undefined, 404, 0.01);
    }
    expect(samples(metrics.registry.render(), "http_requests_total")).toEqual([
      'http_requests_total{method="GET",path="/system/functions",status="200"} 1',
      'http_requests_total{method="(unknown)",path="(unknown)",status="404"} 1000',
    ]);
  });
});

describe("what is known elsewhere", () => {
  test("is read at each scrape: replicas, scaling, the queue", ({ expect }) => {
    const text = createMetrics({ functions: () => [FUNCTION], queue: () => QUEUE })
      .registry.render()
      .split("\n");
    expect(text).toEqual(
      expect.arrayContaining([
        'gateway_service_count{function_name="wordcount"} 4',
        'gateway_service_min{function_name="wordcount"} 1',
        'gateway_service_ready{function_name="wordcount"} 3',
        'gateway_service_target{function_name="wordcount"} 5',
        'gateway_service_target_load{function_name="wordcount",scaling_type="rps"} 50',
        'gateway_queue_depth{function_name="wordcount"} 7',
        "gateway_queue_running 2",
        "gateway_queue_oldest_seconds 1.5",
        "gateway_queue_dead_letters 1",
      ]),
    );
  });

  test("is left out where there is no queue", ({ expect }) => {
    expect(createMetrics().registry.render()).not.toContain("gateway_queue");
  });
});
