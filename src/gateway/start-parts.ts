import { join } from "node:path";
import type { GatewayConfig } from "../config/gateway/config.ts";
import { createLoopDelaySampler } from "../core/loop-delay.ts";
import type { Provider } from "../provider/provider.ts";
import { type AccessLog, createAccessLog } from "./access-log.ts";
import type { Version } from "./api/surroundings.ts";
import { createDeliveries } from "./async/deliveries.ts";
import { type AsyncSide, startAsyncSide } from "./async/start-async-side.ts";
import { createCallerResolver } from "./auth/caller.ts";
import { readGate } from "./auth/gate.ts";
import { IssuerKeys } from "./auth/issuer-keys.ts";
import { createSystemAccess } from "./auth/system-access.ts";
import { TOKEN_FILE, TokenStore } from "./auth/tokens.ts";
import { FunctionGuard } from "./function-guard.ts";
import { createFunctionSettings, type FunctionSettings } from "./function-settings.ts";
import { FunctionTable } from "./function-table.ts";
import { createInvocationTelemetry } from "./invocation-telemetry.ts";
import { formatFunctionName } from "./invoke/function-name.ts";
import { createInvoker, type Invoker } from "./invoke/invoker.ts";
import { DELIVERY_HEADER } from "./invoke/replica-headers.ts";
import type { GatewayLog } from "./log.ts";
import { createGatewayMetrics, type GatewayMetrics } from "./metrics/gateway-metrics.ts";
import type { QueueGauges } from "./metrics/observed-metrics.ts";
import { readFunctionGauges } from "./read-function-gauges.ts";
import { type Scaling, startScaling } from "./start-scaling.ts";

export interface GatewayOptions {
  readonly config: GatewayConfig;
  /** Somebody else's, who closes it behind the gateway. */
  readonly provider: Provider;
  readonly version: Version;
  /** As `uname -m` says it. */
  readonly architecture: string;
  readonly log: GatewayLog;
  /** An absolute path: has the files of the page for people. */
  readonly pageFolder: string;
  /** Who stops it does not want to wait. */
  readonly onHurry: () => void;
  /** What has to work does not any more. */
  readonly onLost: (error: Error) => void;
}

/** All that works behind the gateway's server. */
export interface Parts {
  readonly access: ReturnType<typeof openAccess>;
  readonly accessLog: AccessLog;
  readonly metrics: GatewayMetrics;
  readonly table: FunctionTable;
  readonly settings: FunctionSettings;
  readonly scaling: Scaling;
  /** `undefined`: nothing is queued. */
  readonly asyncSide: AsyncSide | undefined;
  readonly invoker: Invoker;
  /** The gateway's own address, for itself; the port is known when it listens. */
  readonly listensAt: { readonly host: string; port: number };
}

/** `stack`: gets what is to be closed. */
export async function startParts(
  options: GatewayOptions,
  stack: AsyncDisposableStack,
): Promise<Parts> {
  const { config } = options;
  const access = openAccess(options);
  const listensAt = { host: toReachable(config.host), port: config.port };
  const deliveries = stack.use(createDeliveries(() => listensAt));
  const guard = new FunctionGuard({
    ...access,
    keys: new IssuerKeys(),
    deliveryHeader: DELIVERY_HEADER,
    isDelivery: (exchange) => deliveries.isDelivery(exchange),
  });
  let asyncSide: AsyncSide | undefined;
  const metrics = createMetrics(
    options,
    () => table,
    () => asyncSide?.stats,
  );
  const settings = createFunctionSettings(config, options.log);
  const table: FunctionTable = stack.use(createTable(options, metrics, guard, settings));
  await table.load();
  const scaling = stack.use(startScaling({ ...options, table, metrics }));
  const accessLog = openAccessLog(options, access);
  asyncSide = await startAsyncSide({
    ...options,
    accessLog,
    table,
    guard,
    deliveries,
    policies: settings.policies,
  });
  if (asyncSide !== undefined) stack.use(asyncSide);
  const sampler = createLoopDelaySampler((seconds) => metrics.loopDelay.observe(seconds));
  stack.defer(() => sampler.close());
  const telemetry = createInvocationTelemetry({
    metrics,
    accessLog,
    loadOf: (id) => table.loadOf(id),
    touch: () => sampler.touch(),
  });
  const { whenAvailable } = scaling;
  const { routes } = settings;
  const invoker = stack.use(openInvoker(options, { telemetry, whenAvailable, guard, routes }));
  return { access, accessLog, metrics, table, settings, scaling, asyncSide, invoker, listensAt };
}

/** Who may do what. */
function openAccess({ config, log }: GatewayOptions) {
  const { access, host, dataDirectory } = config;
  const gate = readGate({ ...access, host, dataDirectory });
  const tokens = new TokenStore(join(dataDirectory, TOKEN_FILE), (error) =>
    log.error("there are no tokens until their file can be read", { error }),
  );
  const caller = createCallerResolver(access.trustedProxies);
  return { gate, tokens, caller, system: createSystemAccess({ ...access, gate, tokens, caller }) };
}

function openAccessLog({ config, log }: GatewayOptions, { caller }: Parts["access"]): AccessLog {
  const write: GatewayLog["access"] = (record) => log.access(record);
  return createAccessLog({
    ...config.log,
    write,
    addressOf: (request) => caller.addressOf(request),
  });
}

function createMetrics(
  { config, log }: GatewayOptions,
  table: () => FunctionTable,
  queue: () => QueueGauges | undefined,
): GatewayMetrics {
  return createGatewayMetrics({
    functions: () => readFunctionGauges(table()),
    queue,
    functionNamespace: config.functionNamespace,
    labelsNamespace: config.labelsNamespace,
    droppedLogLines: () => log.dropped,
  });
}

function createTable(
  { provider, log }: GatewayOptions,
  metrics: GatewayMetrics,
  guard: FunctionGuard,
  settings: FunctionSettings,
): FunctionTable {
  return new FunctionTable({
    provider,
    onSeen(state) {
      // Dashboards expect a function that nobody has invoked yet.
      metrics.of(state);
      settings.see(state);
    },
    onGone(id) {
      settings.forget(id);
      metrics.forget(id);
      guard.forget(formatFunctionName(id));
    },
    onError: (error) => log.warn("the provider does not say how a function is", { error }),
  });
}

function openInvoker(
  { config, provider, version }: GatewayOptions,
  parts: Pick<
    Parameters<typeof createInvoker>[0],
    "telemetry" | "whenAvailable" | "guard" | "routes"
  >,
): Invoker {
  const { access, functionNamespace, upstreamTimeoutMs } = config;
  return createInvoker({
    ...parts,
    provider,
    userAgent: `breeze-gateway/${version.release}`,
    defaultNamespace: functionNamespace,
    timeout: { ms: upstreamTimeoutMs, variable: "upstream_timeout" },
    trustedProxies: access.trustedProxies,
    streamIdleMs: upstreamTimeoutMs,
  });
}

/** Where whoever listens at this host can be reached from its own machine. */
function toReachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}
