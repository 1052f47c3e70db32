import type { GatewayConfig } from "../config/gateway/config.ts";
import type { Version } from "./api/surroundings.ts";
import type { GatewayLog } from "./log.ts";
import type { Gateway } from "./start-gateway.ts";

/** Says what has been started, once it listens; to a person (`isTerminal`) what to try, too. */
export function logStart(
  log: GatewayLog,
  config: GatewayConfig,
  gateway: Gateway,
  { version, isTerminal }: { readonly version: Version; readonly isTerminal: boolean },
): void {
  const url = toUrl(config.host, gateway.port);
  log.info("started", {
    version: version.release,
    sha: version.sha,
    url,
    port: gateway.port,
    metricsPort: gateway.metricsPort,
    provider: config.provider,
    queue: config.queue.kind,
    scaling: config.scaling,
    dataDirectory: config.dataDirectory,
    functions: gateway.functionCount,
  });
  log.info(gateway.access);
  if (isTerminal) {
    const deploy = "faas-cli deploy --name cat --image functions/alpine:latest --fprocess cat";
    log.info(`Try: ${deploy} --gateway ${url} && curl -d hello ${url}/function/cat`);
  }
}

function toUrl(host: string, port: number): string {
  if (host === "0.0.0.0" || host === "::") return `http://127.0.0.1:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
