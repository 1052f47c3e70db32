import { createDefinitionReader, type Environment } from "../definition-reader.ts";
import { createProblems, type Problems } from "../problems.ts";
import { refuseVariables } from "../refused.ts";
import { DEFAULT_NAMESPACE, type GatewayConfig, type LogConfig } from "./config.ts";
import type { GatewayReader } from "./gateway-reader.ts";
import { readAccess } from "./read-access.ts";
import { readDataDirectory } from "./read-data-directory.ts";
import { readCallback, readQueue } from "./read-queue.ts";
import { GATEWAY_VARIABLES, gatewayEntries } from "./variables.ts";

export interface GatewayConfigReading {
  readonly config: GatewayConfig;
  /** A line each: what is odd but can be used. */
  readonly warnings: readonly string[];
}

/** Reads the gateway's configuration, or throws one `CONFIG_INVALID` that names every bad variable. Pure. */
export function readGatewayConfig(environment: Environment): GatewayConfigReading {
  const problems = createProblems();
  const reader = createDefinitionReader(GATEWAY_VARIABLES, { environment, strict: true, problems });
  const config: GatewayConfig = Object.freeze({
    ...readPorts(reader, problems),
    ...readTimes(reader),
    ...readFunctions(reader, problems),
    dataDirectory: readDataDirectory(environment, reader, problems),
    queue: readQueue(reader, problems),
    maxAsyncBodyBytes: reader.value("max_async_body") || undefined,
    callback: readCallback(reader, problems),
    access: readAccess(reader, problems),
    functionDomain: reader.value("function_domain")?.toLowerCase(),
    log: readLog(reader),
  });
  warnOfUnused(reader, problems);
  refuseVariables(environment, gatewayEntries, problems);
  problems.throwAny();
  return { config, warnings: problems.warnings };
}

function readPorts(reader: GatewayReader, problems: Problems) {
  const [port, metricsPort] = [reader.value("port"), reader.value("metrics_port")];
  if (metricsPort === port && port !== 0) {
    const expected =
      "which is the port of requests too; expected another one, or 0 for none besides it";
    problems.add("metrics_port", String(metricsPort), expected);
  }
  return { port, metricsPort, host: reader.value("host") };
}

function readTimes(reader: GatewayReader) {
  const upstreamTimeoutMs = reader.value("upstream_timeout");
  return {
    readTimeoutMs: reader.value("read_timeout"),
    writeTimeoutMs: reader.value("write_timeout"),
    upstreamTimeoutMs,
    drainGraceMs: reader.value("drain_grace"),
    shutdownTimeoutMs: reader.value("shutdown_timeout") ?? upstreamTimeoutMs,
  };
}

/** As Kubernetes has them, since namespaces of ours are to be namespaces there. */
const NAMESPACE = /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/;

function readFunctions(reader: GatewayReader, problems: Problems) {
  const functionNamespace = reader.value("function_namespace") ?? DEFAULT_NAMESPACE;
  if (!NAMESPACE.test(functionNamespace)) {
    const expected = "expected small letters, digits and hyphens, at most 63";
    problems.add("function_namespace", functionNamespace, expected);
  }
  return {
    provider: reader.value("provider"),
    functionNamespace,
    labelsNamespace: reader.isSet("function_namespace"),
    samples: reader.value("samples"),
    scaling: reader.value("scaling"),
    scalingArithmetic: reader.value("scaling_arithmetic"),
    scaleFromZero: reader.value("scale_from_zero"),
  };
}

function readLog(reader: GatewayReader): LogConfig {
  const writesQuery = reader.value("write_request_uri");
  const access = reader.value("access_log") ?? (writesQuery ? "all" : "notable");
  return Object.freeze({ format: reader.value("log_format"), access, writesQuery });
}

function warnOfUnused(reader: GatewayReader, problems: Problems): void {
  for (const [name, { group, refusedSince, text }] of gatewayEntries) {
    const isUnused = group === "Not used" && refusedSince === undefined;
    if (isUnused && reader.isSet(name as keyof typeof GATEWAY_VARIABLES)) {
      problems.warn(`${name} is not used: ${text}`);
    }
  }
}
