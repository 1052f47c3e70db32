import { LogSink } from "../core/log-sink.ts";
import { createLoopDelaySampler } from "../core/loop-delay.ts";
import type { Log, LogConfig } from "./log.ts";
import { createJsonLog } from "./log-json.ts";
import { createTextLog } from "./log-text.ts";
import { createWatchdogMetrics } from "./metrics.ts";
import { OutputLog } from "./output-log.ts";
import type { Telemetry } from "./telemetry.ts";

export interface WatchdogTelemetry extends Telemetry, AsyncDisposable {
  /** Requests for the function that are not answered yet. */
  readonly inFlight: number;
  /** The text of `/metrics`. */
  metrics(): string;
  /** The watchdog has begun to stop. */
  draining(): void;
  /** Writes what can be written without waiting: for a crash, where nothing runs afterwards. */
  flush(): void;
  /** Writes what is left of the log, for as long as somebody reads it: at most a second. */
  close(): Promise<void>;
}

/** Log and metrics of one watchdog. `descriptor` is where the log goes: stderr, in the watchdog itself. */
export function createTelemetry(config: LogConfig, descriptor = 2): WatchdogTelemetry {
  const sink = new LogSink({
    descriptor,
    onResume: (lines) =>
      log.message("warn", `${lines} log lines were dropped, because nobody read them.`, { lines }),
  });
  const log = createLog(config, sink);
  const output = new OutputLog((sink) => createLog(config, sink));
  const metrics = createWatchdogMetrics(() => sink.dropped);
  const sampler = createLoopDelaySampler((seconds) => metrics.loopDelay.observe(seconds));

  const close = async () => {
    sampler.close();
    await log.settled();
    await Promise.all([sink.close(), output.close()]);
  };

  return {
    get inFlight() {
      return metrics.inFlight.value;
    },
    requestStarted() {
      metrics.inFlight.add();
      sampler.touch();
    },
    requestEnded(method, status, seconds) {
      metrics.inFlight.add(-1);
      metrics.requestEnded(method, status, seconds);
    },
    ...metrics.queue,
    processStarting: () => log.processStarting(),
    processEnded(kind, bill) {
      log.processEnded(kind);
      if (kind !== "spawnFailed") metrics.processEnded(bill);
    },
    invocationEnded(record) {
      metrics.invocationEnded(record);
      log.access(record);
    },
    headerDropped: (reason) => metrics.headerDropped[reason].add(),
    functionLog: (stream) => (stream === "stdout" ? output.log : log).functionLog(stream),
    ...messagesTo(log),
    metrics: () => metrics.registry.render(),
    draining() {
      metrics.draining.value = 1;
    },
    flush: () => sink.flush(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function createLog(config: LogConfig, sink: LogSink): Log {
  return config.logFormat === "text" ? createTextLog(config, sink) : createJsonLog(config, sink);
}

function messagesTo(log: Log): Pick<Telemetry, "info" | "warn" | "error"> {
  return {
    info: (message, fields) => log.message("info", message, fields),
    warn: (message, fields) => log.message("warn", message, fields),
    error: (message, fields) => log.message("error", message, fields),
  };
}
