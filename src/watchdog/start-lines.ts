import { Buffer } from "node:buffer";
import type { Version } from "../config/version.ts";
import type { WatchdogConfig } from "../config/watchdog.ts";
import { formatDuration } from "../core/duration.ts";
import type { Telemetry } from "./telemetry.ts";

export interface Started {
  readonly version: Version;
  /** Where the function is served, which `port=0` leaves to the system. */
  readonly port: number;
  /** `undefined`: no metrics server. */
  readonly metricsPort: number | undefined;
  /** `undefined`: none is written. */
  readonly lockPath: string | undefined;
  /** A person has started it. */
  readonly saysWhatToTry: boolean;
}

/** Says what has been started, once it listens. */
export function logStart(telemetry: Telemetry, config: WatchdogConfig, started: Started): void {
  if (config.logFormat === "text") {
    for (const line of startLines(config, started)) telemetry.info(line);
  } else {
    telemetry.info("started", startFields(config, started));
  }
  if (started.saysWhatToTry)
    telemetry.info(
      `Try: curl ${config.static ? "" : "-d hello "}${toUrl(config.host, started.port)}`,
    );
}

/** As the Go watchdogs', each for its own modes. */
function* startLines(config: WatchdogConfig, started: Started): Generator<string> {
  const { version, sha } = started.version;
  yield `Version: ${version}\tSHA: ${sha}`;
  if (config.mode === "classic") {
    yield `${timeoutsLine(config)}.`;
  } else {
    yield `Watchdog mode: ${config.mode}\tfprocess: "${printable(config.command.join(" "))}"`;
    yield timeoutsLine(config);
    if (config.jwt !== undefined) yield "JWT Auth: true";
  }
  yield `Listening on port: ${started.port}`;
  yield started.lockPath === undefined
    ? 'Warning: "suppress_lock" is enabled. No lock file is written, health is kept in memory.'
    : `Writing lock-file to: ${started.lockPath}`;
  if (started.metricsPort !== undefined) yield `Metrics listening on port: ${started.metricsPort}`;
}

function timeoutsLine(config: WatchdogConfig): string {
  const [read, write, hard, health] = [
    config.readTimeoutMs,
    config.writeTimeoutMs,
    config.execTimeoutMs,
    config.drainGraceMs,
  ].map(formatDuration);
  return `Timeouts: read: ${read} write: ${write} hard: ${hard} health: ${health}`;
}

function startFields(config: WatchdogConfig, started: Started) {
  return {
    ...started.version,
    mode: config.mode,
    fprocess: printable(config.command.join(" ")),
    staticPath: config.static && printable(config.static.path),
    port: started.port,
    metricsPort: started.metricsPort,
    lock: started.lockPath,
    readTimeout: formatDuration(config.readTimeoutMs),
    writeTimeout: formatDuration(config.writeTimeoutMs),
    execTimeout: formatDuration(config.execTimeoutMs),
    jwtAuth: config.jwt === undefined ? undefined : true,
    drainGrace: formatDuration(config.drainGraceMs),
    shutdownTimeout: formatDuration(config.shutdownTimeoutMs),
  };
}

/** Configuration is latin1, one character a byte; who reads the log expects the characters that they are. */
function printable(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString();
}

function toUrl(host: string | undefined, port: number): string {
  if (host === undefined || host === "0.0.0.0" || host === "::") return `http://127.0.0.1:${port}/`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}/`;
}
