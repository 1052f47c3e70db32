import type { Server } from "node:http";
import type { WatchdogConfig } from "../config/watchdog.ts";
import { formatDuration } from "../core/duration.ts";
import { createDrain, type DrainStep } from "../http/drain.ts";
import type { Processes } from "../process/run.ts";
import type { WatchdogTelemetry } from "./create-telemetry.ts";
import type { Health } from "./health.ts";

export interface StopOptions {
  readonly server: Server;
  readonly config: WatchdogConfig;
  readonly telemetry: WatchdogTelemetry;
  readonly health: Health;
  readonly processes: Pick<Processes, "close">;
}

export interface Stop {
  /** Connections end with their next answer. */
  readonly begun: boolean;
  /** The first signal begins to stop, each further one hurries. True: every invocation could end by itself. */
  signal(name: NodeJS.Signals): Promise<boolean>;
}

/** How the watchdog ends: the drain of its server, told to health, metrics and log. */
export function createStop(options: StopOptions): Stop {
  const { server, config, telemetry, health, processes } = options;
  const logStep = config.logFormat === "text" ? logGoLine : logFields;
  let first: NodeJS.Signals = "SIGTERM";
  const drain = createDrain({
    server,
    graceMs: config.drainGraceMs,
    timeoutMs: config.shutdownTimeoutMs,
    inFlight: () => telemetry.inFlight,
    terminate: () => processes.close(),
    onStep(step, inFlight) {
      logStep(options, { step, inFlight, signal: first });
      if (step === "not-ready") becomeUnready(telemetry, health);
    },
  });
  return {
    get begun() {
      return drain.begun;
    },
    async signal(name) {
      if (!drain.begun) first = name;
      return (await drain.advance()) === 0;
    },
  };
}

function becomeUnready(telemetry: WatchdogTelemetry, health: Health): void {
  telemetry.draining();
  const failure = health.refuse();
  if (failure !== undefined) {
    telemetry.warn(`Unable to mark server as unhealthy: ${failure.message}`);
  }
}

interface Step {
  readonly step: DrainStep;
  readonly inFlight: number;
  readonly signal: NodeJS.Signals;
}

function logFields({ telemetry, config }: StopOptions, { step, inFlight, signal }: Step): void {
  const graceMs = step === "not-ready" ? config.drainGraceMs : undefined;
  telemetry.info("draining", { step, inFlight, signal, graceMs });
}

/** As the Go watchdogs'. */
function logGoLine(
  { telemetry, config, health }: StopOptions,
  { step, inFlight, signal }: Step,
): void {
  const lines: Readonly<Record<DrainStep, string>> = {
    "not-ready": `${signal}: no new connections in ${formatDuration(config.drainGraceMs)}`,
    closing: `No new connections allowed, draining: ${inFlight} requests`,
    terminating: "Error in Shutdown: context deadline exceeded",
    drained: `Exiting. Active connections: ${inFlight}`,
  };
  telemetry.info(lines[step]);
  if (step === "not-ready" && health.lockPath !== undefined) {
    telemetry.info(`Removing lock-file : ${health.lockPath}`);
  }
}
