import type { WatchdogConfig } from "../config/watchdog.ts";
import type { Telemetry } from "./telemetry.ts";

export interface Started {
  readonly version: string;
  /** Where the function is served, which `port=0` leaves to the system. */
  readonly port: number;
  /** `undefined`: no metrics server. */
  readonly metricsPort: number | undefined;
  /** `undefined`: none is written. */
  readonly lockPath: string | undefined;
  /** A person reads stderr. */
  readonly isTerminal: boolean;
}

/** Says what has been started, once it listens. */
export function logStart(_telemetry: Telemetry, _config: WatchdogConfig, _started: Started): void {
  throw new Error("not written yet");
}
