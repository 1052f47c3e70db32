import type { WatchdogConfig } from "../config/watchdog.ts";
import type { BodyOptions } from "../http/body.ts";
import type { Processes } from "../process/run.ts";
import type { Access } from "./access.ts";
import type { Admission } from "./admission.ts";
import type { CgiEnvironmentBuilder } from "./cgi-environment.ts";
import type { Debug } from "./debug.ts";
import type { Telemetry } from "./telemetry.ts";

/** What all invocations of a watchdog have in common. */
export interface InvocationContext {
  readonly config: WatchdogConfig;
  readonly processes: Processes;
  readonly telemetry: Telemetry;
  /** `undefined`: everybody is let in. */
  readonly access: Access | undefined;
  readonly admission: Admission;
  /** The mode's own; that of `cgi` wants to know most. */
  readonly buildEnvironment: CgiEnvironmentBuilder;
  readonly bodyOptions: BodyOptions;
  readonly debug: Debug | undefined;
}
