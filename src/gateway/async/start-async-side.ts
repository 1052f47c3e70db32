import { readFileSync } from "node:fs";
import type { GatewayConfig } from "../../config/gateway/config.ts";
import { BreezeError } from "../../core/errors.ts";
import { createNetworkMatcher } from "../../core/networks.ts";
import type { Exchange } from "../../http/exchange.ts";
import { type FunctionId, isNotFound, type Provider } from "../../provider/provider.ts";
import type { AccessLog } from "../access-log.ts";
import { ApiError } from "../api/api-error.ts";
import { FunctionIds } from "../api/function-ids.ts";
import type { Route } from "../api/route.ts";
import type { FunctionTable } from "../function-table.ts";
import type { Guard } from "../invoke/context.ts";
import { locateByPath } from "../invoke/routes.ts";
import type { GatewayLog } from "../log.ts";
import { createAllowedAddresses } from "../queue/callbacks/allowed-addresses.ts";
import type { Queue, QueueStats } from "../queue/queue.ts";
import { startAsync } from "../queue/start-async.ts";
import type { Deliveries } from "./deliveries.ts";
import { openQueue } from "./open-queue.ts";
import type { AsyncPolicies } from "./policies.ts";
import { asyncRoutes } from "./routes.ts";
import { type Accepting, Submit, type SubmitOptions } from "./submit.ts";

export interface AsyncSideOptions {
  readonly config: GatewayConfig;
  readonly provider: Provider;
  readonly table: FunctionTable;
  readonly guard: Guard;
  readonly deliveries: Deliveries;
  readonly policies: AsyncPolicies;
  readonly log: GatewayLog;
  readonly accessLog: AccessLog;
  /** Nothing can be queued any more. */
  readonly onLost: (error: Error) => void;
}

/** Invocations that run later. */
export interface AsyncSide extends AsyncDisposable {
  readonly routes: readonly Route[];
  /** On their way to the disk. */
  readonly inFlight: number;
  /** As it was a moment ago; `undefined`: not known. */
  readonly stats: QueueStats | undefined;
  /** Answers a request that is to run later. False: it is none. */
  submit(exchange: Exchange): boolean;
  /** Has what is queued run from now on. */
  start(): void;
  /** Takes and begins nothing any more; what runs has so long to end. */
  stop(graceMs: number): Promise<void>;
}

const STATS_MS = 2_000;

/** Rejects with `DATA_UNUSABLE` or `CONFIG_INVALID`. `undefined`: the configuration wants none. */
export async function startAsyncSide(options: AsyncSideOptions): Promise<AsyncSide | undefined> {
  const { config, log, guard } = options;
  if (config.queue.kind === "none") return undefined;
  const callbacks = readCallbacks(config);
  const queue = await openQueue(options);
  const accepting: Accepting = { inFlight: 0, isStopping: false };
  const onError = (error: unknown) => log.error("the queue failed", { error });
  const submitting: SubmitOptions = {
    queue,
    isAllowed: callbacks.isAllowed,
    guard,
    isTrustedProxy: createNetworkMatcher(config.access.trustedProxies),
    maxBodyBytes: config.maxAsyncBodyBytes,
    look: createLookUp(options),
    onError,
    onEnded: (...ended) => options.accessLog.invocationEnded(...ended),
  };
  const watched = watchStats(queue);
  let running: ReturnType<typeof startAsync> | undefined;
  return {
    routes: asyncRoutes(queue),
    get inFlight() {
      return accepting.inFlight;
    },
    get stats() {
      return watched.stats;
    },
    submit(exchange) {
      const located = locateByPath(exchange.head.path, "/async-function/");
      if (located === undefined) return false;
      exchange.take(new Submit(submitting, exchange, located, accepting));
      return true;
    },
    start() {
      const policyOf = (id: FunctionId) => options.policies.of(id);
      const { invoke } = options.deliveries;
      running = startAsync({ queue, invoke, policyOf, callbacks, onError });
    },
    async stop(graceMs) {
      accepting.isStopping = true;
      await running?.close(graceMs);
    },
    async [Symbol.asyncDispose]() {
      watched.close();
      await running?.close(0);
      await queue.close();
    },
  };
}

function createLookUp({ config, provider, table }: AsyncSideOptions): SubmitOptions["look"] {
  const ids = new FunctionIds(provider, config.functionNamespace);
  return async (name) => {
    try {
      const id = await ids.resolve(name);
      return table.find(id) ?? (await provider.describe(id));
    } catch (error) {
      if (error instanceof ApiError || isNotFound(error)) return undefined;
      throw error;
    }
  };
}

function readCallbacks({ callback: { networks, keyFile } }: GatewayConfig) {
  return { isAllowed: createAllowedAddresses(networks), signingKey: readKey(keyFile) };
}

function readKey(file: string | undefined): Uint8Array | undefined {
  if (file === undefined) return undefined;
  let key: Uint8Array;
  try {
    key = readFileSync(file);
  } catch (cause) {
    const message = `callback_key: ${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}.`;
    throw new BreezeError("CONFIG_INVALID", message, { cause });
  }
  // Anybody could sign with it.
  if (key.length === 0) {
    throw new BreezeError(
      "CONFIG_INVALID",
      `callback_key: ${file} is empty, expected a key in it.`,
    );
  }
  return key;
}

/** Metrics are read at once, and a queue has to be asked. */
function watchStats(queue: Queue) {
  const watched: { stats: QueueStats | undefined; close: () => void } = {
    stats: undefined,
    close: () => clearInterval(timer),
  };
  const look = () =>
    queue.stats().then(
      (stats) => {
        watched.stats = stats;
      },
      () => {
        watched.stats = undefined;
      },
    );
  const timer = setInterval(look, STATS_MS).unref();
  void look();
  return watched;
}
