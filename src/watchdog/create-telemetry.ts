import type { WatchdogConfig } from "../config/watchdog.ts";
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

/** Log and metrics of one watchdog. `descriptor` is where the log goes, stderr in the watchdog itself. */
export function createTelemetry(_config: WatchdogConfig, _descriptor = 2): WatchdogTelemetry {
  throw new Error("not written yet");
}
