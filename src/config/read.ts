import { BreezeError } from "../core/errors.ts";
import type { WatchdogConfig } from "./watchdog.ts";

/** The environment, latin1: one character of a value is one byte. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface WatchdogConfigReading {
  readonly config: WatchdogConfig;
  /** A line each: what is odd but can be used. */
  readonly warnings: readonly string[];
}

/** Reads the watchdog's configuration, or throws one `CONFIG_INVALID` that names every bad variable. Pure. */
export function readWatchdogConfig(_environment: Environment): WatchdogConfigReading {
  throw new BreezeError("CONFIG_INVALID", "The reader is not written yet.");
}
