import type { Server } from "node:http";
import type { WatchdogConfig } from "../config/watchdog.ts";
import type { Exchange } from "../http/exchange.ts";
import { listen } from "../http/listen.ts";
import { type MetricsServer, startMetricsServer } from "../http/metrics-server.ts";
import type { RequestHead } from "../http/request-head.ts";
import { createHttpServer } from "../http/server.ts";
import type { Processes } from "../process/run.ts";
import type { Access } from "./access.ts";
import type { WatchdogTelemetry } from "./create-telemetry.ts";
import { answerHealth, answerReady, createHealth, type Health, readyStatus } from "./health.ts";
import type { InvocationContext } from "./invocation-context.ts";
import { createInvocationContext, createInvoke, type Invoke, toProbeHead } from "./invoke.ts";
import { type HttpService, startHttpService } from "./modes/start-http.ts";
import { createStop, type Stop } from "./stop.ts";

export interface WatchdogOptions {
  readonly config: WatchdogConfig;
  /** What every process starts from: `NAME=value` strings, latin1. */
  readonly baseEnvironment: readonly string[];
  readonly processes: Processes;
  readonly telemetry: WatchdogTelemetry;
  /** Aborted: what the start still waits for is not worth waiting for any more. */
  readonly stopping?: AbortSignal;
}

/** A watchdog that listens. */
export interface Watchdog extends AsyncDisposable {
  readonly port: number;
  /** `undefined`: there are no metrics. */
  readonly metricsPort: number | undefined;
  readonly lockPath: string | undefined;
  /** The first signal drains, each further one hurries. True: every invocation could end by itself. */
  signal(name: NodeJS.Signals): Promise<boolean>;
  /** At once. What was given is the giver's to close. */
  close(): Promise<void>;
}

/** Rejects with `LISTEN_FAILED`, `LOCK_NOT_WRITABLE` or `KEYS_UNAVAILABLE`, and nothing is left listening then. */
export async function startWatchdog(options: WatchdogOptions): Promise<Watchdog> {
  const { config, processes, telemetry } = options;
  const health = createHealth(config);
  await using half = new AsyncDisposableStack();
  const access = await openAccess(options);
  if (access !== undefined) half.use(access);
  const context = createInvocationContext({ ...options, access });
  const service = startService(context, health);
  if (service !== undefined) half.defer(() => service.stop());
  const server = createHttpServer(
    {
      readTimeoutMs: config.readTimeoutMs,
      writeTimeoutMs: config.writeTimeoutMs,
      unknownMethodStatus: config.mode === "classic" ? 405 : 501,
      isDraining: () => stop.begun,
      upgrades: service !== undefined,
    },
    createRoutes(context, health, service),
  );
  const stop: Stop = createStop({
    server,
    config,
    telemetry,
    health,
    processes,
    service,
    admission: context.admission,
  });
  half.defer(() => closeServer(server));
  const port = await listen(server, { port: config.port, host: config.host, variable: "port" });
  const metrics = await startMetrics(config, telemetry);
  if (metrics !== undefined) half.use(metrics);
  health.accept();
  half.defer(() => void health.refuse());
  const all = half.move();
  const close = () => all.disposeAsync();
  return {
    port,
    metricsPort: metrics?.port,
    lockPath: health.lockPath,
    signal: (name) => stop.signal(name),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What checks tokens is loaded only where it is asked for. */
async function openAccess(options: WatchdogOptions): Promise<Access | undefined> {
  const { config, telemetry, stopping = new AbortController().signal } = options;
  if (config.jwt === undefined) return undefined;
  const { createAccess } = await import("./jwt/create-access.ts");
  return await createAccess(config.jwt, telemetry, stopping);
}

/** What runs for longer than a request does, in the modes that have it. */
function startService(context: InvocationContext, health: Health): HttpService | undefined {
  if (context.config.mode !== "http") return undefined;
  return startHttpService(context, (isUp) => {
    const failure = health.follow(isUp);
    if (failure !== undefined) context.telemetry.warn(`The lock file: ${failure.message}`);
  });
}

function createRoutes(
  context: InvocationContext,
  health: Health,
  service: HttpService | undefined,
): (exchange: Exchange) => void {
  const invoke = service?.invoke ?? createInvoke(context);
  const readiness = service === undefined ? health : toReadiness(health, service);
  return (exchange) => {
    switch (routedPath(exchange.head)) {
      case "/_/health":
        answerHealth(health, exchange);
        break;
      case "/_/ready":
        answerReadiness(exchange, readiness, context, invoke);
        break;
      default:
        invoke(exchange, exchange.head, "request");
    }
  };
}

type Readiness = Pick<Health, "isHealthy">;

function toReadiness(health: Health, service: HttpService): Readiness {
  return { isHealthy: () => service.isReady && health.isHealthy() };
}

/** As Go's ServeMux reads it: decoded, but an escaped slash parts nothing. */
function routedPath({ path, decodedPath }: RequestHead): string {
  return /%2f/i.test(path) ? path : decodedPath;
}

/** Ready is who takes requests and has a place free; with `ready_path` the function is asked besides. */
function answerReadiness(
  exchange: Exchange,
  health: Readiness,
  context: InvocationContext,
  invoke: Invoke,
): void {
  const { method } = exchange.request;
  const { readyPath } = context.config;
  const { isFull } = context.admission;
  if (readyPath === undefined || readyStatus(health, isFull, method) !== 200) {
    answerReady(health, isFull, exchange);
  } else {
    context.access?.exempt(exchange);
    invoke(exchange, toProbeHead(exchange.head, readyPath), "probe");
  }
}

async function startMetrics(
  config: WatchdogConfig,
  telemetry: WatchdogTelemetry,
): Promise<MetricsServer | undefined> {
  if (config.metricsPort === 0) return undefined;
  return await startMetricsServer(config.metricsPort, config.host, () => telemetry.metrics());
}

async function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // That it does not listen, or no longer, is as good.
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}
