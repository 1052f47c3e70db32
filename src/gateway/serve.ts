import type { GatewayConfig } from "../config/gateway/config.ts";
import type { Provider } from "../provider/provider.ts";
import type { Version } from "./api/surroundings.ts";
import { createGatewayLog } from "./log.ts";
import { type Gateway, startGateway } from "./start-gateway.ts";
import { logStart } from "./start-lines.ts";

export interface ServeOptions {
  readonly config: GatewayConfig;
  /** A line each: what is odd but can be used. */
  readonly warnings: readonly string[];
  readonly version: Version;
  readonly architecture: string;
  /** A person has started it. */
  readonly isTerminal: boolean;
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
  logStart(log, config, gateway, options);
  return await life.end(gateway);
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
