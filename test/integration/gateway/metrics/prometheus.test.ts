import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, onTestFinished, test } from "vitest";
import { findFreePort } from "../../../../bench/server/free-port.ts";
import { TokenStore } from "../../../../src/gateway/auth/tokens.ts";
import { toBasicAuth } from "../../../support/basic-auth.ts";
import { noProgramReason } from "../../../support/has-program.ts";
import { createDataFolder, RunningGateway } from "../../../support/run-gateway.ts";
import { Monitoring } from "../../../support/run-monitoring.ts";
import { until } from "../../../support/until.ts";

const PATIENCE_MS = 90_000;
const reason = noProgramReason("prometheus") ?? noProgramReason("prometheus-alertmanager");

interface Started {
  readonly gateway: RunningGateway;
  readonly monitoring: Monitoring;
}

/** With the password that the stack's secrets give both of them, or with a token that is good for alerts and nothing else. */
async function start(
  variables: Readonly<Record<string, string>> = {},
  kind: "password" | "token" = "password",
): Promise<Started> {
  const folder = createDataFolder();
  const passwordFile = join(folder, "basic-auth-password");
  writeFileSync(join(folder, "basic-auth-user"), "admin\n");
  writeFileSync(passwordFile, "of the stack\n");
  const credentials = { kind, file: kind === "token" ? createTokenFile(folder) : passwordFile };
  const metricsPort = await findFreePort();
  const gateway = await RunningGateway.start(folder, {
    basic_auth: "true",
    secret_mount_path: folder,
    metrics_port: String(metricsPort),
    ...variables,
  });
  const password = readFileSync(passwordFile, "utf8").trim();
  gateway.headers.authorization = toBasicAuth("admin", password);
  return { gateway, monitoring: await Monitoring.start({ gateway, metricsPort, credentials }) };
}

function createTokenFile(folder: string): string {
  const tokens = new TokenStore(join(folder, "tokens.json"));
  const wanted = {
    name: "alerts",
    scopes: ["alert"],
    functions: [],
    expiresAt: undefined,
  } as const;
  const file = join(folder, "alert-token");
  writeFileSync(file, tokens.create(wanted).secret);
  return file;
}

/** Far more than five times a second, from several clients, until told to stop or the test is over. */
function keepAsking(gateway: RunningGateway, path: string): () => Promise<void> {
  let isOver = false;
  const client = async () => {
    while (!isOver) {
      await (await gateway.ask(path, { method: "POST", body: "a" })).text().catch(() => {});
      await delay(20);
    }
  };
  const clients = Promise.all([client(), client(), client()]);
  const stop = async () => {
    isOver = true;
    await clients;
  };
  onTestFinished(stop);
  return stop;
}

/** What the gateway logs of scaling, in order: from, to, why. */
function scalings(gateway: RunningGateway): unknown[] {
  return gateway.stderr
    .split("\n")
    .filter((line) => line.includes('"msg":"scaled"'))
    .map((line) => JSON.parse(line))
    .map(({ from, to, reason: why }) => [from, to, why]);
}

describe.skipIf(reason !== undefined)(
  "Prometheus and Alertmanager, set up by deploy/ (need both programs)",
  () => {
    test.for([
      [
        "current",
        "password",
        { "com.openfaas.scale.max": "5", "com.openfaas.scale.factor": "40" },
        [
          [1, 3, "alert"],
          [3, 5, "alert"],
          [5, 1, "alert"],
        ],
      ],
      [
        "2017",
        "token",
        { "com.faas.max_replicas": "7" },
        [
          [1, 5, "alert"],
          [5, 7, "alert"],
          [7, 1, "alert"],
        ],
      ],
    ] as const)(
      "scale a function that is busy up in steps and back, with the arithmetic %s and a %s",
      { timeout: 300_000 },
      async ([scaling_arithmetic, kind, labels, expected], { expect }) => {
        const { gateway, monitoring } = await start(
          { scaling: "alertmanager", scaling_arithmetic },
          kind,
        );
        expect(await gateway.deploy("busy", "cat", { labels })).toBe(202);
        expect(await gateway.deploy("idle", "cat")).toBe(202);
        const stop = keepAsking(gateway, "/function/busy");
        await until("it is scaled up", () => scalings(gateway).length === 2, PATIENCE_MS);
        expect(await monitoring.firing()).toEqual(["APIHighInvocationRate busy"]);
        await stop();
        await until("it is scaled down", () => scalings(gateway).length === 3, PATIENCE_MS);
        expect(scalings(gateway)).toEqual(expected);
        expect(await monitoring.firing()).toEqual([]);
      },
    );

    test("answer what dashboards ask: rates by function and code, quantiles, means, replicas", {
      timeout: 300_000,
    }, async ({ expect }) => {
      const { gateway, monitoring } = await start();
      const labels = { "com.openfaas.scale.min": "2", "com.openfaas.scale.max": "2" };
      await gateway.deploy("cat", "cat", { labels });
      await gateway.deploy("broken", "false");
      const total = "gateway_function_invocation_total";
      const ask = async (query: string) =>
        (await monitoring.query(query)).map(({ metric, value }) => [
          Object.values(metric).join(" "),
          value,
        ]);
      // What Prometheus has seen grow it can tell the rate of: both codes are there from the first scrape on.
      await until(
        "nothing is counted yet",
        async () => (await ask(total)).length >= 6,
        PATIENCE_MS,
      );
      const post = { method: "POST", body: "a" };
      for (let count = 0; count < 30; count++) await gateway.ask("/function/cat", post);
      for (let count = 0; count < 10; count++) await gateway.ask("/function/broken", post);
      for (let count = 0; count < 5; count++) await gateway.ask(`/function/none${count}`, post);
      const counts = `sum by (function_name, code) (${total}) > 0`;
      await until(
        "all is counted",
        async () => {
          const sums = (await ask(counts)) as [string, number][];
          return sums.length === 3 && sums.every(([, value]) => value >= 5);
        },
        PATIENCE_MS,
      );
      expect((await ask(counts)).toSorted()).toEqual([
        ["200 cat", 30],
        ["404 (unknown)", 5],
        ["500 broken", 10],
      ]);
      const rates = `sum by (function_name, code) (rate(${total}[1m])) > 0`;
      expect((await ask(rates)).map(([name]) => name).toSorted()).toEqual([
        "200 cat",
        "500 broken",
      ]);
      const grown = await ask(`round(sum by (function_name) (increase(${total}{code="200"}[5m])))`);
      expect(Number(new Map(grown as [string, number][]).get("cat"))).toBeGreaterThanOrEqual(30);
      const buckets = 'sum by (le) (gateway_functions_seconds_bucket{function_name="cat"})';
      for (const quantile of [0.5, 0.95, 0.99]) {
        const [[, seconds] = []] = await ask(`histogram_quantile(${quantile}, ${buckets})`);
        expect(seconds).toBeGreaterThan(0);
        expect(seconds).toBeLessThanOrEqual(10);
      }
      const seconds = "gateway_functions_seconds";
      const mean = `sum by (function_name) (${seconds}_sum) / sum by (function_name) (${seconds}_count)`;
      expect((await ask(mean)).every(([, value]) => Number(value) > 0)).toBe(true);
      const inFlight = `sum(gateway_function_invocation_started) - sum(${total})`;
      expect(await ask(inFlight)).toEqual([["", 0]]);
      const replicas = "sum by (function_name) (gateway_service_count)";
      expect((await ask(replicas)).toSorted()).toEqual([
        ["broken", 1],
        ["cat", 2],
      ]);
      await until(
        "both replicas are seen",
        async () => (await ask("gateway_service_ready == gateway_service_count")).length === 2,
        PATIENCE_MS,
      );
      expect(await ask("sum by (job) (up)")).toEqual(
        expect.arrayContaining([
          ["gateway", 1],
          ["prometheus", 1],
        ]),
      );
    });
  },
);
