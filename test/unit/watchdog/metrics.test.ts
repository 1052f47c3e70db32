import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { describe, test } from "vitest";
import { createWatchdogMetrics } from "../../../src/watchdog/metrics.ts";
import { invocation } from "../../support/invocation.ts";

const start = (droppedLogLines = () => 0) => createWatchdogMetrics(droppedLogLines);

/** The lines of one metric. */
function linesOf(text: string, name: string): string[] {
  const pattern = new RegExp(`^(# (HELP|TYPE) )?${name}(_bucket|_sum|_count)?[ {]`);
  return text.split("\n").filter((line) => pattern.test(line));
}

describe("the metrics of the Go watchdogs", () => {
  test("are written as prom-client writes the same observations", async ({ expect }) => {
    const theirs = new Registry();
    const registers = [theirs];
    const labelNames = ["code", "method"];
    const total = new Counter({
      name: "http_requests_total",
      help: "total HTTP requests processed",
      labelNames,
      registers,
    });
    const duration = new Histogram({
      name: "http_request_duration_seconds",
      help: "Seconds spent serving HTTP requests.",
      labelNames,
      registers,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    });
    const inFlight = new Gauge({
      name: "http_requests_in_flight",
      help: "total HTTP requests in-flight",
      registers,
    });
    const { requestEnded, inFlight: ours, registry } = start();
    const observations: [string, number, number][] = [
      ["POST", 200, 0.005],
      ["POST", 200, 0.0051],
      ["GET", 500, 11],
      ["DELETE", 499, 0],
    ];
    for (const [method, status, seconds] of observations) {
      requestEnded(method, status, seconds);
      total.inc({ code: status, method: method.toLowerCase() });
      duration.observe({ code: status, method: method.toLowerCase() }, seconds);
    }
    ours.add(2);
    inFlight.inc(2);
    const expected = (await theirs.metrics()).replace(/\{le="([^"]*)",(.*)\} /g, '{$2,le="$1"} ');
    for (const name of [
      "http_requests_total",
      "http_request_duration_seconds",
      "http_requests_in_flight",
    ]) {
      expect(linesOf(registry.render(), name)).toEqual(linesOf(expected, name));
    }
  });

  test("start with a gauge of 0 and without any series of requests", ({ expect }) => {
    const text = start().registry.render();
    expect(text).toContain("\nhttp_requests_in_flight 0\n");
    expect(text).not.toContain("http_requests_total");
    expect(text).not.toContain("http_request_duration_seconds");
  });

  test("know ten methods; whatever else a client invents is `unknown` (T48)", ({ expect }) => {
    const { requestEnded, registry } = start();
    const known = "GET PUT HEAD POST DELETE CONNECT OPTIONS NOTIFY TRACE PATCH".split(" ");
    const invented = ["FOO", "__proto__", "constructor", "unknown", "Post", 'X"} 1'];
    for (const method of [...known, ...invented]) requestEnded(method, 200, 0.1);
    const lines = linesOf(registry.render(), "http_requests_total").slice(2);
    expect(lines.sort()).toEqual(
      [
        ...known.map((method) => `{code="200",method="${method.toLowerCase()}"} 1`),
        `{code="200",method="unknown"} ${invented.length}`,
      ]
        .map((line) => `http_requests_total${line}`)
        .sort(),
    );
  });
});

describe("our own metrics", () => {
  test("count how processes ended, by the words of the log", ({ expect }) => {
    const { invocationEnded, registry } = start();
    invocationEnded(invocation());
    invocationEnded(invocation());
    invocationEnded(invocation({ outcome: "timeout" }));
    invocationEnded(invocation({ outcome: "spawn-failed", bill: undefined }));
    expect(linesOf(registry.render(), "watchdog_process_outcomes_total").slice(2)).toEqual([
      'watchdog_process_outcomes_total{outcome="ok"} 2',
      'watchdog_process_outcomes_total{outcome="timeout"} 1',
      'watchdog_process_outcomes_total{outcome="spawn-failed"} 1',
    ]);
  });

  test("do not count an invocation for which no process was started", ({ expect }) => {
    const { invocationEnded, registry } = start();
    invocationEnded(invocation({ outcome: "refused", bill: undefined }));
    invocationEnded(invocation({ outcome: "aborted", bill: undefined }));
    expect(linesOf(registry.render(), "watchdog_process_outcomes_total")).toEqual([]);
  });

  test("add up the bills of processes in Prometheus's base units", ({ expect }) => {
    const { processEnded, registry } = start();
    const bill = { pid: 1, userMicros: 1_500_000, systemMicros: 250_000, maxRssKiB: 3072 };
    processEnded({ ...bill, startMicros: 400, wallMicros: 9 });
    const text = registry.render();
    expect(text).toContain('watchdog_process_cpu_seconds_total{kind="user"} 1.5\n');
    expect(text).toContain('watchdog_process_cpu_seconds_total{kind="system"} 0.25\n');
    expect(text).toContain('watchdog_process_max_rss_bytes_bucket{le="2097152"} 0\n');
    expect(text).toContain('watchdog_process_max_rss_bytes_bucket{le="4194304"} 1\n');
    expect(text).toContain("watchdog_process_max_rss_bytes_sum 3145728\n");
    expect(text).toContain('watchdog_process_start_seconds_bucket{le="0.0005"} 1\n');
    expect(text).toContain("watchdog_process_start_seconds_sum 0.0004\n");
  });

  test("say how many log lines were dropped at the moment they are asked", ({ expect }) => {
    let dropped = 0;
    const { registry } = start(() => dropped);
    expect(registry.render()).toContain("\nwatchdog_log_lines_dropped_total 0\n");
    dropped = 3;
    expect(registry.render()).toContain("\nwatchdog_log_lines_dropped_total 3\n");
  });

  test("know both reasons for which a header is dropped, and draining, from the start", ({
    expect,
  }) => {
    const { headerDropped, draining, registry } = start();
    headerDropped.proxy.add();
    draining.value = 1;
    const text = registry.render();
    expect(text).toContain('\nwatchdog_dropped_headers_total{reason="proxy"} 1\n');
    expect(text).toContain('\nwatchdog_dropped_headers_total{reason="reserved"} 0\n');
    expect(text).toContain("\nwatchdog_draining 1\n");
  });
});

describe("the process itself", () => {
  const processValue = (name: string): number =>
    Number(new RegExp(`^process_${name} (\\S+)$`, "m").exec(start().registry.render())?.[1]);

  test("has the names of Prometheus's libraries", ({ expect }) => {
    expect(processValue("start_time_seconds")).toBeCloseTo(performance.timeOrigin / 1000, 1);
    expect(processValue("cpu_seconds_total")).toBeGreaterThan(0);
    expect(processValue("resident_memory_bytes")).toBeGreaterThan(10e6);
  });

  test.runIf(process.platform === "linux")("and on Linux what /proc tells", ({ expect }) => {
    expect(processValue("open_fds")).toBeGreaterThan(2);
    expect(processValue("max_fds")).toBeGreaterThanOrEqual(processValue("open_fds"));
    expect(processValue("virtual_memory_bytes")).toBeGreaterThan(
      processValue("resident_memory_bytes"),
    );
    expect(processValue("virtual_memory_max_bytes")).toBeGreaterThan(0);
    expect(processValue("network_receive_bytes_total")).toBeGreaterThanOrEqual(0);
    expect(processValue("network_transmit_bytes_total")).toBeGreaterThanOrEqual(0);
  });
});

test("no name is used twice, and each follows the rules for names", ({ expect }) => {
  const descriptions = start().registry.descriptions();
  const names = descriptions.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, type } of descriptions) {
    expect(name).toMatch(/^(http|process|watchdog)_[a-z_]+$/);
    expect(name.endsWith("_total")).toBe(type === "counter");
  }
});

test("the queue's metrics tell who waits, and for how long those did who wait no more", ({
  expect,
}) => {
  const { queue, registry } = start();
  queue.waitStarted();
  queue.waitStarted();
  queue.waitEnded(0.02);
  const text = registry.render();
  expect(linesOf(text, "watchdog_queue_depth").at(-1)).toBe("watchdog_queue_depth 1");
  expect(linesOf(text, "watchdog_queue_wait_seconds").slice(-2)).toEqual([
    "watchdog_queue_wait_seconds_sum 0.02",
    "watchdog_queue_wait_seconds_count 1",
  ]);
});
