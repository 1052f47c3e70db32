import type { Server } from "node:http";
import { listen } from "../http/listen.ts";
import { startMetricsServer } from "../http/metrics-server.ts";
import type { Api } from "./api/api.ts";
import { describeGate } from "./auth/gate.ts";
import { createGatewayApi } from "./create-gateway-api.ts";
import { type GatewayOptions, type Parts, startParts } from "./start-parts.ts";
import { createStop, type Stop } from "./stop.ts";

/** A gateway that listens. */
export interface Gateway extends AsyncDisposable {
  readonly port: number;
  /** `undefined`: there is no server for metrics alone. */
  readonly metricsPort: number | undefined;
  /** A sentence: to whom it is open. */
  readonly access: string;
  readonly functionCount: number;
  /** The first signal drains, each further one hurries. True: all that was in flight could end by itself. */
  signal(name: NodeJS.Signals): Promise<boolean>;
}

/** Rejects with `LISTEN_FAILED`, `DATA_UNUSABLE`, `CREDENTIALS_UNUSABLE` or `CONFIG_INVALID`; nothing is left open then. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config } = options;
  const { host, metricsPort: wantedPort } = config;
  await using half = new AsyncDisposableStack();
  const parts = await startParts(options, half);
  const api = half.use(await createGatewayApi(options, parts, () => stop.begun));
  const stop: Stop = createGatewayStop(options, parts, api);
  half.defer(() => closeServer(api.server));
  const port = await listen(api.server, { port: config.port, host, variable: "port" });
  parts.listensAt.port = port;
  const render = () => parts.metrics.registry.render();
  const isHealthy = () => !stop.begun;
  const metrics =
    wantedPort === 0 ? undefined : await startMetricsServer(wantedPort, host, render, isHealthy);
  if (metrics !== undefined) half.use(metrics);
  parts.asyncSide?.start();
  const all = half.move();
  return {
    port,
    metricsPort: metrics?.port,
    access: describeGate(parts.access.gate, config),
    functionCount: Array.from(parts.table.all()).length,
    signal: (name) => stop.signal(name),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function createGatewayStop({ config, log, onHurry }: GatewayOptions, parts: Parts, api: Api): Stop {
  const { invoker, asyncSide, scaling } = parts;
  return createStop({
    server: api.server,
    graceMs: config.drainGraceMs,
    timeoutMs: config.shutdownTimeoutMs,
    inFlight: () => invoker.inFlight + (asyncSide?.inFlight ?? 0),
    // Those that run go through our own server: they are in flight like all others.
    onBegin: () => void asyncSide?.stop(config.shutdownTimeoutMs),
    onClosing: () => void api.close(),
    onHurry,
    // Until then whoever waits for a first replica may still get it.
    terminate() {
      scaling.stopWaiting();
      invoker.closeTunnels();
    },
    log,
  });
}

async function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // That it does not listen, or no longer, is as good.
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}
