import { mkdirSync } from "node:fs";
import type { GatewayConfig } from "../config/gateway/config.ts";
import type { DataItem } from "../core/data-item.ts";
import { BreezeError } from "../core/errors.ts";
import { lockFolder } from "../core/folder-lock.ts";
import type { Provider } from "../provider/provider.ts";
import type { Version } from "./api/surroundings.ts";
import { takeRestored } from "./data/restore.ts";
import { createGatewayLog, type GatewayLog } from "./log.ts";
import { allSamples, type SamplePrograms } from "./samples/all-samples.ts";
import { deploySamples } from "./samples/deploy-samples.ts";
import type { Sample } from "./samples/sample.ts";
import { type Gateway, startGateway } from "./start-gateway.ts";
import { logStart } from "./start-lines.ts";

export interface ServeOptions {
  /** What of `data_dir` must survive: a backup may wait to be put in its place. */
  readonly dataItems: readonly DataItem[];
  readonly config: GatewayConfig;
  /** A line each: what is odd but can be used. */
  readonly warnings: readonly string[];
  readonly version: Version;
  readonly architecture: string;
  readonly samplePrograms: SamplePrograms;
  /** An absolute path: has the files of the page for people. */
  readonly pageFolder: string;
}

type OpenProvider = (warn: (message: string) => void) => Promise<Provider>;

/** Serves until it is told to stop, and says with which code to exit. Rejects where it cannot even start. */
export async function serve(options: ServeOptions, openProvider: OpenProvider): Promise<number> {
  const { config } = options;
  await using log = createGatewayLog(config.log.format);
  process.once("uncaughtExceptionMonitor", (error) => {
    log.error("crashed", { error });
    log.flush();
  });
  for (const warning of options.warnings) log.warn(warning);
  const life = new Life();
  using _own = ownDataDirectory(options, log);
  await using provider = await openProvider((message) => log.warn(message));
  await using gateway = await startGateway({
    ...options,
    provider,
    log,
    onLost(error) {
      log.error("the queue is lost", { error });
      life.lost();
    },
  });
  const samples = config.samples ? await deployAll(options, provider, log) : [];
  logStart(log, config, gateway, { ...options, samples });
  return await life.end(gateway);
}

function deployAll(
  { config, samplePrograms }: ServeOptions,
  provider: Provider,
  log: GatewayLog,
): Promise<readonly Sample[]> {
  return deploySamples({
    provider,
    namespace: config.functionNamespace,
    samples: allSamples(samplePrograms),
    onFailed: (name, error) => log.warn(`the sample ${name} is not deployed: ${error.message}`),
  });
}

/** Rejects the second gateway of a data directory, and takes over a backup that waits there. */
function ownDataDirectory({ config, dataItems }: ServeOptions, log: GatewayLog): Disposable {
  const { dataDirectory } = config;
  try {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    const lock = lockFolder(dataDirectory);
    if (takeRestored(dataDirectory, dataItems)) {
      log.info("a backup was restored; what was there is in replaced-TIME", { dataDirectory });
    }
    return lock;
  } catch (cause) {
    throw new BreezeError("DATA_UNUSABLE", `${(cause as Error).message}.`, { cause });
  }
}

/** Any other one changes nothing, as in a Go program. */
const SIGNALS: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"];

/** From the start to what ends it: signals, or the loss of something that has to work. */
class Life {
  readonly #end = Promise.withResolvers<number>();
  #gateway: Gateway | undefined;
  #earlySignal: NodeJS.Signals | undefined;

  constructor() {
    for (const signal of SIGNALS) process.on(signal, () => this.#onSignal(signal));
  }

  end(gateway: Gateway): Promise<number> {
    this.#gateway = gateway;
    if (this.#earlySignal !== undefined) this.#onSignal(this.#earlySignal);
    return this.#end.promise;
  }

  lost(): void {
    this.#end.resolve(1);
  }

  #onSignal(signal: NodeJS.Signals): void {
    this.#earlySignal = signal;
    void this.#gateway?.signal(signal).then((isDrained) => this.#end.resolve(isDrained ? 0 : 1));
  }
}
