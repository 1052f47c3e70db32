import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findFreePort } from "../../bench/server/free-port.ts";
import type { RunningGateway } from "./run-gateway.ts";
import { RunningProgram } from "./running-program.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";
import { until } from "./until.ts";

const DEPLOY = join(import.meta.dirname, "../../deploy");

export interface Watched {
  readonly gateway: RunningGateway;
  /** The gateway's `metrics_port`. */
  readonly metricsPort: number;
  /** What the webhook is let in with: a file with the password of the user admin, or with a token. */
  readonly credentials: { readonly kind: "password" | "token"; readonly file: string };
}

/** Labels and value of one series, as Prometheus answers a query. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What `deploy/` says, but for addresses and for how long things take. */
export class Monitoring {
  readonly #prometheus: string;

  private constructor(prometheus: string) {
    this.#prometheus = prometheus;
  }

  /** Prometheus and Alertmanager beside a gateway, until the test ends. */
  static async start(watched: Watched): Promise<Monitoring> {
    const [prometheusPort, alertmanagerPort] = [await findFreePort(), await findFreePort()];
    await Promise.all([
      startAlertmanager(alertmanagerPort, watched),
      startPrometheus(prometheusPort, alertmanagerPort, watched.metricsPort),
    ]);
    return new Monitoring(`http://127.0.0.1:${prometheusPort}`);
  }

  /** PromQL, of this moment. */
  async query(text: string): Promise<Sample[]> {
    const url = `${this.#prometheus}/api/v1/query?query=${encodeURIComponent(text)}`;
    const { status, error, data } = (await (await fetch(url)).json()) as QueryAnswer;
    if (status !== "success") throw new Error(`${text}: ${error}`);
    return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  /** The names of the alerts that fire, each with the function that it is about. */
  async firing(): Promise<string[]> {
    const samples = await this.query('ALERTS{alertstate="firing"}');
    return samples.map(({ metric }) => `${metric.alertname} ${metric.function_name ?? ""}`.trim());
  }
}

interface QueryAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: readonly [number, string];
    }[];
  };
}

/** Fails where the file does not say any more what is to be said otherwise here. */
function adapt(file: string, changes: readonly (readonly [from: string | RegExp, to: string])[]) {
  let text = readFileSync(join(DEPLOY, file), "utf8");
  for (const [from, to] of changes) {
    const changed = text.replaceAll(from, to);
    if (changed === text) throw new Error(`deploy/${file} says nowhere ${from}`);
    text = changed;
  }
  return text;
}

async function startPrometheus(port: number, alertmanager: number, gateway: number): Promise<void> {
  const folder = createTemporaryFolder();
  const config = adapt("prometheus.yml", [
    [/_interval: \d+s/g, "_interval: 1s"],
    ["localhost:9090", `127.0.0.1:${port}`],
    ["alertmanager:9093", `127.0.0.1:${alertmanager}`],
    [
      /dns_sd_configs:\n.*names: .*\n.*type: A\n.*port: 8082\n/g,
      `static_configs:\n      - targets: [127.0.0.1:${gateway}]\n`,
    ],
  ]);
  writeFileSync(join(folder.path, "prometheus.yml"), config);
  const rules = adapt("prometheus-rules.yml", [["interval: 5s", "interval: 1s"]]);
  writeFileSync(join(folder.path, "prometheus-rules.yml"), rules);
  await startServer(folder, port, [
    "prometheus",
    `--config.file=${join(folder.path, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder.path, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
}

const TOKEN_INSTEAD = [
  /basic_auth:\n +username: admin\n( +)password_file:/g,
  "authorization:\n$1credentials_file:",
] as const;

async function startAlertmanager(port: number, { gateway, credentials }: Watched): Promise<void> {
  const folder = createTemporaryFolder();
  const config = adapt("alertmanager.yml", [
    ["group_wait: 5s", "group_wait: 1s"],
    ["group_interval: 10s", "group_interval: 1s"],
    ["repeat_interval: 30s", "repeat_interval: 3s"],
    ["http://gateway:8080", gateway.url],
    ["/run/secrets/basic-auth-password", credentials.file],
    // As a comment there says it.
    ...(credentials.kind === "token" ? [TOKEN_INSTEAD] : []),
  ]);
  writeFileSync(join(folder.path, "alertmanager.yml"), config);
  mkdirSync(join(folder.path, "data"));
  await startServer(folder, port, [
    "prometheus-alertmanager",
    `--config.file=${join(folder.path, "alertmanager.yml")}`,
    `--storage.path=${join(folder.path, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    // No others to be found.
    "--cluster.listen-address=",
  ]);
}

async function startServer(
  folder: ReturnType<typeof createTemporaryFolder>,
  port: number,
  command: readonly string[],
): Promise<void> {
  const program = new RunningProgram(command, {}, () => folder[Symbol.dispose]());
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  const isOver = () => program.process.exitCode !== null;
  await until(`${command[0]} is ready`, async () => isOver() || (await isReady()), 60_000);
  if (isOver()) throw new Error(`${command[0]} ended: ${program.stderr}`);
}
