import { totalmem } from "node:os";
import { checkFolder } from "../config/folder.ts";
import { describeLowMemory, readMemoryLimit, toOomScore } from "../config/memory-limit.ts";
import { checkProgram } from "../config/program.ts";
import { readWatchdogConfig, type WatchdogConfigReading } from "../config/read.ts";
import { readTextFile } from "../config/text-file.ts";
import { readVersion } from "../config/version.ts";
import { BreezeError } from "../core/errors.ts";
import type { Environment } from "../process/environment.ts";
import type { ProcessesEvents } from "../process/run.ts";
import { createProcesses } from "../process/spawn.ts";
import { createTelemetry, type WatchdogTelemetry } from "./create-telemetry.ts";
import { startWatchdog, type Watchdog } from "./server.ts";
import { logStart } from "./start-lines.ts";

/** Serves until it is told to stop, and says with which code to exit. Rejects where it cannot even start. */
export async function serve(environment: Environment, isTerminal: boolean): Promise<number> {
  const reading = readWatchdogConfig(environment.variables);
  const { config } = reading;
  await using telemetry = createTelemetry(config);
  process.once("uncaughtExceptionMonitor", (error) => {
    telemetry.error(`crashed: ${error.stack}`);
    telemetry.flush();
  });
  const memoryLimit = readMemoryLimit(readTextFile);
  warn(reading, environment, telemetry, memoryLimit);
  const life = new Life(telemetry);
  listenToSignals(environment.spawnerDescriptor === undefined, life);
  await using processes = await createProcesses(
    {
      command: config.command,
      baseEnvironment: environment.strings,
      termGraceMs: config.termGraceMs,
      daemons: config.daemons,
      cgroups: config.cgroups,
      oomScore: toOomScore(memoryLimit ?? totalmem(), readTextFile),
    },
    life,
    { descriptor: environment.spawnerDescriptor },
  );
  const baseEnvironment = environment.strings;
  await using watchdog = await startWatchdog({
    config,
    baseEnvironment,
    processes,
    telemetry,
    stopping: life.stopping,
  });
  // `npm run watchdog` is for people, wherever its output goes.
  const saysWhatToTry = isTerminal || environment.variables.npm_lifecycle_event === "watchdog";
  logStart(telemetry, config, { version: readVersion(), saysWhatToTry, ...watchdog });
  return await life.end(watchdog);
}

/** What is odd, but no reason not to start. */
function warn(
  { config, warnings, strict }: WatchdogConfigReading,
  environment: Environment,
  telemetry: WatchdogTelemetry,
  memoryLimit: number | undefined,
): void {
  for (const warning of warnings) telemetry.warn(warning);
  const lowMemory = describeLowMemory(memoryLimit);
  if (lowMemory !== undefined) telemetry.warn(lowMemory);
  try {
    if (config.static) checkFolder(config.static.path);
    else checkProgram(config.command, environment.variables.PATH);
  } catch (error) {
    // A Go watchdog starts all the same, and says so to each request.
    if (strict || !(error instanceof BreezeError)) throw error;
    telemetry.warn(error.message);
  }
}

/** Any other one changes nothing, as in a Go program. */
const SIGNALS: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"];

/** In the image the spawner gets them, as PID 1, and passes them on: one that comes to both must count once. */
function listenToSignals(isMeant: boolean, life: Life): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (isMeant) life.onSignal(signal);
    });
  }
}

/** From the start to what ends it: signals, or the loss of what makes the processes. */
class Life implements ProcessesEvents {
  readonly #telemetry: WatchdogTelemetry;
  readonly #end = Promise.withResolvers<number>();
  #watchdog: Watchdog | undefined;
  #earlySignal: NodeJS.Signals | undefined;
  readonly #stopping = new AbortController();

  constructor(telemetry: WatchdogTelemetry) {
    this.#telemetry = telemetry;
  }

  /** Aborted by the first signal. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  end(watchdog: Watchdog): Promise<number> {
    this.#watchdog = watchdog;
    if (this.#earlySignal !== undefined) this.onSignal(this.#earlySignal);
    return this.#end.promise;
  }

  onSignal(signal: NodeJS.Signals): void {
    if (!SIGNALS.includes(signal)) return;
    this.#earlySignal = signal;
    this.#stopping.abort();
    void this.#watchdog?.signal(signal).then((isDrained) => this.#end.resolve(isDrained ? 0 : 1));
  }

  onWarning(message: string): void {
    this.#telemetry.warn(message);
  }

  onLost(message: string): void {
    this.#telemetry.error(message);
    this.#end.resolve(1);
  }
}
