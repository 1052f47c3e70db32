import type { WatchdogConfig } from "../config/watchdog.ts";
import type { BodyOptions } from "../http/body.ts";
import type { Processes } from "../process/run.ts";
import type { Admission } from "./admission.ts";
import type { Debug } from "./debug.ts";
import type { EnvironmentBuilder } from "./environment.ts";
import type { Telemetry } from "./telemetry.ts";

/** What all invocations of a watchdog have in common. */
export interface InvocationContext {
  readonly config: WatchdogConfig;
  readonly processes: Processes;
  readonly telemetry: Telemetry;
  readonly admission: Admission;
  readonly buildEnvironment: EnvironmentBuilder;
  readonly bodyOptions: BodyOptions;
  readonly debug: Debug | undefined;
}
