import { mkdirSync } from "node:fs";
import type { GatewayConfig } from "../config/gateway/config.ts";
import type { DataItem } from "../core/data-item.ts";
import { lockFolder } from "../core/folder-lock.ts";
import type { Provider } from "../provider/provider.ts";
import type { Version } from "./api/surroundings.ts";
import { dataUnusable } from "./data/data-unusable.ts";
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

interface Running {
  /** What went wrong with nobody to tell it to. */
  readonly warn: (message: string) => void;
  /** Aborted: whoever closes waits for nothing that does not end by itself. */
  readonly hurry: AbortSignal;
}

type OpenProvider = (running: Running) => Promise<Provider>;

/** Serves until it is told to stop, and says with which code to exit. Rejects where it cannot even start. */
export async function serve(options: ServeOptions, openProvider: OpenProvider): Promise<number> {
  const { config } = options;
  await using log = createGatewayLog(config.log.format);
  process.once("uncaughtExceptionMonitor", (error) => {
    log.error("crashed", { error });
    log.flush();
  });
  for (const warning of options.warnings) log.warn(warning);
  const life = new Life(config.shutdownTimeoutMs);
  using _own = ownDataDirectory(options, log);
  const { hurry } = life;
  await using provider = await openProvider({ warn: (message) => log.warn(message), hurry });
  await using gateway = await startGateway({
    ...options,
    provider,
    log,
    onHurry: () => life.beQuick(),
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
    throw dataUnusable(dataDirectory, cause);
  }
}

/** Any other one changes nothing, as in a Go program. */
const SIGNALS: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"];

/** From the start to what ends it: signals, or the loss of something that has to work. */
class Life {
  readonly #end = Promise.withResolvers<number>();
  readonly #hurry = new AbortController();
  readonly #shutdownTimeoutMs: number;
  #limit: NodeJS.Timeout | undefined;
  #gateway: Gateway | undefined;
  #earlySignal: NodeJS.Signals | undefined;

  /** 0: a stop may take as long as it likes. */
  constructor(shutdownTimeoutMs: number) {
    this.#shutdownTimeoutMs = shutdownTimeoutMs;
    for (const signal of SIGNALS) process.on(signal, () => this.#onSignal(signal));
  }

  /** Aborted by a second signal, and when a stop has taken as long as it may. */
  get hurry(): AbortSignal {
    return this.#hurry.signal;
  }

  beQuick(): void {
    this.#hurry.abort();
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
    if (this.#shutdownTimeoutMs > 0) {
      this.#limit ??= setTimeout(() => this.beQuick(), this.#shutdownTimeoutMs).unref();
    }
    void this.#gateway?.signal(signal).then((isDrained) => this.#end.resolve(isDrained ? 0 : 1));
  }
}
