import { type Api, createApi } from "./api/api.ts";
import type { Surroundings } from "./api/surroundings.ts";
import type { GatewayOptions, Parts } from "./start-parts.ts";
import { pageRoutes } from "./ui/page-routes.ts";

/** The server and its table of rows, with the parts that work behind them. */
export async function createGatewayApi(
  options: GatewayOptions,
  parts: Parts,
  isDraining: () => boolean,
): Promise<Api> {
  const { config, log } = options;
  const { access, invoker, asyncSide, metrics, accessLog } = parts;
  return await createApi({
    ...toSurroundings(options, parts),
    isDraining,
    http: {
      readTimeoutMs: config.readTimeoutMs,
      writeTimeoutMs: config.writeTimeoutMs,
      unknownMethodStatus: 405,
      isDraining,
      upgrades: true,
      refusesDotSegments: true,
    },
    gate: (request, scope) => access.system.authorize(request, scope),
    invoke: (exchange) => invoker.invoke(exchange) || asyncSide?.submit(exchange) === true,
    moreRoutes: [...pageRoutes(options.pageFolder), ...(asyncSide?.routes ?? [])],
    onAnswered(method, path, status, exchange) {
      metrics.countSystemRequest(method, path, status, exchange.seconds);
      accessLog.requestEnded(status, exchange);
    },
    onFault: (id, error) => log.error("something went wrong that should not", { id, error }),
  });
}

function toSurroundings(
  options: GatewayOptions,
  { metrics, scaling, settings }: Parts,
): Omit<Surroundings, "isDraining"> {
  const { config, provider, version, architecture } = options;
  return {
    provider,
    version,
    architecture,
    defaultNamespace: config.functionNamespace,
    findProblems: (spec) => settings.findProblems(spec),
    reserveRoutes: (spec) => settings.reserveRoutes(spec),
    scale: (id, replicas) => scaling.scale(id, replicas),
    countInvocations: (id) => metrics.find(id)?.count ?? 0,
    onAlert: (body, signal) => scaling.webhook.answer(body, signal),
    onAsyncReport(id, { statusCode, timeTaken }) {
      const counters = metrics.find(id) ?? metrics.unknown;
      counters.started();
      counters.ended(statusCode, timeTaken);
    },
    metrics: () => metrics.registry.render(),
  };
}
