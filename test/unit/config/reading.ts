import { readWatchdogConfig, type WatchdogConfigReading } from "../../../src/config/read.ts";
import { BreezeError } from "../../../src/core/errors.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads a configuration that has a program. */
export function read(variables: Variables): WatchdogConfigReading {
  return readWatchdogConfig({ fprocess: "cat", ...variables });
}

/** What is wrong with a configuration, one line each. */
export function problemsOf(variables: Variables): readonly string[] {
  try {
    read(variables);
    return [];
  } catch (error) {
    if (error instanceof BreezeError && error.code === "CONFIG_INVALID") return error.details;
    throw error;
  }
}
