import type { Server } from "node:http";
import type { WatchdogConfig } from "../config/watchdog.ts";
import { formatDuration } from "../core/duration.ts";
import { createEchoCheck } from "../core/interrupt-echo.ts";
import { createDrain, type DrainStep } from "../http/drain.ts";
import type { Processes } from "../process/run.ts";
import type { Admission } from "./admission.ts";
import type { WatchdogTelemetry } from "./create-telemetry.ts";
import type { Health } from "./health.ts";

export interface StopOptions {
  readonly server: Server;
  readonly config: WatchdogConfig;
  readonly telemetry: WatchdogTelemetry;
  readonly health: Health;
  readonly processes: Pick<Processes, "close">;
  readonly admission: Pick<Admission, "close">;
  /** What is told to end when nothing is in flight any more. */
  readonly service?: { stop(): Promise<void> } | undefined;
}

export interface Stop {
  /** Connections end with their next answer. */
  readonly begun: boolean;
  /**
   * The first signal begins to stop, each further one hurries. SIGINT is a person at a terminal, where no load balancer has to
   * look elsewhere: no grace; and under `npm start` it comes twice, which counts as one. True: every invocation could end by itself.
   */
  signal(name: NodeJS.Signals): Promise<boolean>;
}

/** How the watchdog ends: the drain of its server, told to health, metrics and log. */
export function createStop(options: StopOptions): Stop {
  const { server, config, telemetry, health, processes, service, admission } = options;
  const logStep = config.logFormat === "text" ? logGoLine : logFields;
  const graceMs = (signal: NodeJS.Signals) => (signal === "SIGINT" ? 0 : config.drainGraceMs);
  let first: NodeJS.Signals = "SIGTERM";
  let isDrained = false;
  let stopped: Promise<boolean> | undefined;
  const isEcho = createEchoCheck();
  const drain = createDrain({
    server,
    graceMs: config.drainGraceMs,
    timeoutMs: config.shutdownTimeoutMs,
    inFlight: () => telemetry.inFlight,
    terminate: () => service?.stop() ?? processes.close(),
    onStep(step, inFlight) {
      logStep(options, { step, inFlight, signal: first, graceMs: graceMs(first) });
      if (step === "not-ready") becomeUnready(telemetry, health);
      if (step === "closing") admission.close();
    },
  });
  return {
    get begun() {
      return drain.begun;
    },
    signal(name) {
      if (isEcho(name) && stopped !== undefined) return stopped;
      if (!drain.begun) first = name;
      // Whoever is in a hurry a second time does not wait for the function's own farewell.
      else if (isDrained) void processes.close();
      stopped = drain.advance(graceMs(first)).then(async (remaining) => {
        isDrained = true;
        await service?.stop();
        return remaining === 0;
      });
      return stopped;
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
  readonly graceMs: number;
}

function logFields({ telemetry }: StopOptions, { graceMs, ...fields }: Step): void {
  telemetry.info("draining", fields.step === "not-ready" ? { ...fields, graceMs } : fields);
}

/** As the Go watchdogs'. */
function logGoLine(
  { telemetry, health }: StopOptions,
  { step, inFlight, signal, graceMs }: Step,
): void {
  const lines: Readonly<Record<DrainStep, string>> = {
    "not-ready": `${signal}: no new connections in ${formatDuration(graceMs)}`,
    closing: `No new connections allowed, draining: ${inFlight} requests`,
    terminating: "Error in Shutdown: context deadline exceeded",
    drained: `Exiting. Active connections: ${inFlight}`,
  };
  telemetry.info(lines[step]);
  if (step === "not-ready" && health.lockPath !== undefined) {
    telemetry.info(`Removing lock-file : ${health.lockPath}`);
  }
}
