import { spawnSync } from "node:child_process";
import { describe, test } from "vitest";
import { findFreePort } from "../../../../bench/server/free-port.ts";
import { createGate, GATED } from "../../../support/gate.ts";
import { noProgramReason } from "../../../support/has-program.ts";
import { createDataFolder, RunningGateway } from "../../../support/run-gateway.ts";
import { until } from "../../../support/until.ts";

const BOUNDS = "0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 +Inf".split(" ");
const POST = { method: "POST", body: "a" };
/** Names of the Go gateways that are wrong by today's rules, and stay. */
const KNOWN_COMPLAINTS = 2;

async function startWithMetrics(variables: Readonly<Record<string, string>> = {}) {
  const metricsPort = String(await findFreePort());
  const more = { ...variables, metrics_port: metricsPort };
  const gateway = await RunningGateway.start(createDataFolder(), more);
  const url = `http://127.0.0.1:${metricsPort}`;
  const scrape = async () => (await fetch(`${url}/metrics`)).text();
  return { gateway, url, scrape };
}

/** The value of each series, by its name and labels as they are written. */
function parse(text: string): Map<string, number> {
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    samples.map((line) => {
      const end = line.lastIndexOf(" ");
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

async function invoke(gateway: RunningGateway, name: string, times: number): Promise<void> {
  for (let count = 0; count < times; count++) {
    await (await gateway.ask(`/function/${name}`, POST)).text();
  }
}

async function createNamespace(gateway: RunningGateway, name: string): Promise<number> {
  const marks = { labels: { openfaas: "1" }, annotations: { openfaas: "1" } };
  return (await gateway.tell("POST", "/system/namespace/", { name, ...marks })).status;
}

describe("what a running gateway counts", () => {
  test("T48: is right by function and code, on both ports, and unknown names share one label", async ({
    expect,
  }) => {
    const { gateway, scrape } = await startWithMetrics();
    await gateway.deploy("cat", "cat");
    await gateway.deploy("broken", "false");
    await invoke(gateway, "cat", 7);
    await invoke(gateway, "cat.openfaas-fn", 1);
    await invoke(gateway, "broken", 3);
    for (let count = 0; count < 200; count++) await invoke(gateway, `none-${count}`, 1);
    const total = (name: string, code: number) =>
      `gateway_function_invocation_total{function_name="${name}",code="${code}"}`;
    const last = total("(unknown)", 404);
    await until("all is counted", async () => parse(await scrape()).get(last) === 200);
    const text = await scrape();
    const samples = parse(text);
    expect(samples.get(total("cat", 200))).toBe(8);
    expect(samples.get(total("cat", 500))).toBe(0);
    expect(samples.get(total("broken", 500))).toBe(3);
    expect(samples.get('gateway_function_invocation_started{function_name="cat"}')).toBe(8);
    expect(text).not.toContain("none-");
    const seconds = (part: string, more = "") =>
      `gateway_functions_seconds_${part}{function_name="cat",code="200"${more}}`;
    const counts = BOUNDS.map((bound) => samples.get(seconds("bucket", `,le="${bound}"`)));
    expect(counts.at(-1)).toBe(8);
    expect(counts.toSorted((a, b) => Number(a) - Number(b))).toEqual(counts);
    expect(samples.get(seconds("count"))).toBe(8);
    expect(samples.get(seconds("sum"))).toBeGreaterThan(0);
    const names = (metrics: string) => [...metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, n]) => n);
    const old = await (await gateway.ask("/metrics")).text();
    expect(names(old)).toEqual(names(text));
    expect(parse(old).get(total("cat", 200))).toBe(8);
  });

  test("is what waits, runs and is queued just now, and how many replicas there are, were and shall be", async ({
    expect,
  }) => {
    const { gateway, scrape } = await startWithMetrics();
    const gate = createGate();
    const [name = "", path = ""] = gate.header.trim().split(": ");
    const labels = { "com.openfaas.scale.min": "2", "com.openfaas.scale.target": "5" };
    await gateway.deploy("gated", GATED.fprocess, { envVars: GATED, labels });
    const value = async (series: string) => parse(await scrape()).get(series);
    const isAt = async (series: string, wanted: number) =>
      await until(`${series} ${wanted}`, async () => (await value(series)) === wanted, 30_000);
    const of = (metric: string, more = "") => `gateway_${metric}{function_name="gated"${more}}`;
    await isAt(of("service_ready"), 2);
    const samples = parse(await scrape());
    for (const metric of ["service_count", "service_min", "service_target"]) {
      expect([metric, samples.get(of(metric))]).toEqual([metric, 2]);
    }
    expect(samples.get(of("service_target_load", ',scaling_type="rps"'))).toBe(5);
    const held = { ...POST, headers: { [name]: path } };
    const answers = [gateway.ask("/function/gated", held), gateway.ask("/function/gated", held)];
    await isAt(of("functions_in_flight"), 2);
    const queued = await gateway.ask("/async-function/gated", held);
    expect(queued.status).toBe(202);
    await isAt("gateway_queue_running", 1);
    await isAt(of("queue_depth"), 1);
    expect(await value("gateway_queue_oldest_seconds")).toBeGreaterThan(0);
    expect(await value("gateway_queue_dead_letters")).toBe(0);
    gate.open();
    for (const answer of answers) expect((await answer).status).toBe(200);
    await isAt("gateway_queue_running", 0);
    expect(await value(of("queue_depth"))).toBeUndefined();
    expect(await value("gateway_queue_oldest_seconds")).toBe(0);
    await isAt(of("functions_in_flight"), 0);
    await gateway.tell("POST", "/system/scale-function/gated", { replicas: 0 });
    await isAt(of("service_count"), 0);
    await invoke(gateway, "gated", 1);
    await isAt(of("cold_starts_total"), 1);
    expect(await value(of("functions_waiting"))).toBe(0);
    expect(await value("gateway_cold_start_seconds_count")).toBe(1);
    expect(await value("gateway_event_loop_delay_seconds_count")).toBeGreaterThan(0);
  });

  test("is by name and namespace, in lists too, where there are several or somebody said so", async ({
    expect,
  }) => {
    const { gateway, scrape } = await startWithMetrics({ function_namespace: "main" });
    expect(await createNamespace(gateway, "prod")).toBeLessThan(300);
    await gateway.deploy("cat", "cat");
    await gateway.deploy("cat", "cat", { namespace: "prod" });
    await invoke(gateway, "cat", 2);
    await invoke(gateway, "cat.prod", 5);
    const total = (name: string) =>
      `gateway_function_invocation_total{function_name="${name}",code="200"}`;
    await until("all is counted", async () => parse(await scrape()).get(total("cat.prod")) === 5);
    expect(parse(await scrape()).get(total("cat.main"))).toBe(2);
    const list = async (query: string) =>
      await (await gateway.ask(`/system/functions${query}`)).json();
    expect(await list("")).toMatchObject([{ namespace: "main", invocationCount: 2 }]);
    expect(await list("?namespace=prod")).toMatchObject([
      { namespace: "prod", invocationCount: 5 },
    ]);
  });
});

describe("metrics_port", () => {
  test("answers /metrics and /healthz to GET, and nothing of the API", async ({ expect }) => {
    const { url } = await startWithMetrics({ basic_auth: "true" });
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    const health = await fetch(`${url}/healthz`);
    expect([health.status, (await health.text()).trim()]).toEqual([200, "OK"]);
    expect((await fetch(`${url}/healthz`, { method: "POST" })).status).toBe(405);
    for (const path of ["/system/functions", "/function/cat", "/ui/", "/"]) {
      expect((await fetch(url + path)).status).toBe(404);
    }
  });

  test.skipIf(noProgramReason("promtool") !== undefined)(
    "says nothing that Prometheus's own tool complains about but two names of the Go gateways (needs promtool)",
    async ({ expect }) => {
      const { gateway, scrape } = await startWithMetrics();
      await gateway.deploy("cat", "cat");
      await invoke(gateway, "cat", 1);
      await invoke(gateway, "none", 1);
      await gateway.ask("/async-function/cat", POST);
      for (const text of [await scrape(), await (await gateway.ask("/metrics")).text()]) {
        const { stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
          input: text,
          encoding: "utf8",
        });
        const said = (stdout + stderr).split("\n").filter((line) => line !== "");
        expect(said).toHaveLength(KNOWN_COMPLAINTS);
        expect(said.join()).toContain("gateway_function_invocation_started");
        expect(said.join()).toContain("gateway_service_count");
      }
    },
  );
});
