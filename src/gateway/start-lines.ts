import type { GatewayConfig } from "../config/gateway/config.ts";
import type { Version } from "./api/surroundings.ts";
import type { GatewayLog } from "./log.ts";
import type { Sample } from "./samples/sample.ts";
import type { Gateway } from "./start-gateway.ts";

export interface Started {
  readonly version: Version;
  /** That are there. */
  readonly samples: readonly Sample[];
}

/** Says what has been started, once it listens, and what to try. */
export function logStart(
  log: GatewayLog,
  config: GatewayConfig,
  gateway: Gateway,
  { version, samples }: Started,
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
  for (const { name, description } of samples) log.info(`Sample ${name}: ${description}`);
  for (const line of toNextSteps(url, config.dataDirectory, samples)) log.info(line);
}

/** For whoever sees this for the first time. */
function toNextSteps(
  url: string,
  dataDirectory: string,
  [sample]: readonly Sample[],
): readonly string[] {
  const invocation = (name: string) => `curl -d hello ${url}/function/${name}`;
  const deployment = `faas-cli deploy --gateway ${url} --name cat --image functions/alpine:latest --fprocess cat`;
  return [
    `Page: ${url}/ui/`,
    ...(sample === undefined ? [] : [`Try: ${invocation(sample.name)}`]),
    `Deploy: ${deployment} && ${invocation("cat")}`,
    `Data: ${dataDirectory} (the variable data_dir chooses another folder)`,
    "Stop: Ctrl-C lets what runs finish, a second one does not",
  ];
}

function toUrl(host: string, port: number): string {
  if (host === "0.0.0.0" || host === "::") return `http://127.0.0.1:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
