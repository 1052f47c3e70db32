import { readWatchdogConfig, type WatchdogConfigReading } from "../../../src/config/read.ts";
import { problemsOf as problemsOfReading } from "../../support/problems-of.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads a configuration that has a program. */
export function read(variables: Variables): WatchdogConfigReading {
  return readWatchdogConfig({ fprocess: "cat", ...variables });
}

/** What is wrong with a configuration, one line each. */
export const problemsOf = (variables: Variables): readonly string[] =>
  problemsOfReading(() => read(variables));
