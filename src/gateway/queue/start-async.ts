import type { AddressMatcher } from "../../core/networks.ts";
import type { FunctionId } from "../../provider/provider.ts";
import { Circuits } from "./callbacks/circuits.ts";
import { DELIVERY_DEFAULTS, type DeliveryOptions, deliver } from "./callbacks/deliver.ts";
import { resolveHost } from "./callbacks/resolve-host.ts";
import { Dispatcher, type DispatcherOptions } from "./dispatcher.ts";
import {
  type CallbackClaim,
  type Claim,
  callbackLine,
  functionOfLine,
  type Queue,
} from "./queue.ts";
import {
  DEFAULT_RETRY_POLICY,
  type Invoke,
  type RetryPolicy,
  runInvocation,
} from "./run-invocation.ts";

export interface AsyncPolicy extends RetryPolicy {
  /** How many queued invocations of the function run at a time. */
  readonly concurrency: number;
}

/** Of all functions together, and so of each. */
export const MOST_AT_A_TIME = 64;

export const DEFAULT_ASYNC_POLICY: AsyncPolicy = Object.freeze({
  ...DEFAULT_RETRY_POLICY,
  concurrency: 8,
});

export interface AsyncOptions {
  readonly queue: Queue;
  readonly invoke: Invoke;
  /** Asked before each claim and each try, so from memory; where it fails, the default holds. */
  policyOf(id: FunctionId): AsyncPolicy | Promise<AsyncPolicy>;
  /** Of all functions together. @defaultValue `MOST_AT_A_TIME` */
  readonly concurrency?: number;
  readonly callbacks: Partial<DeliveryOptions> & {
    readonly isAllowed: AddressMatcher;
    /** Of all hosts together. @defaultValue 32 */
    readonly concurrency?: number;
    /** To one host. @defaultValue 4 */
    readonly hostConcurrency?: number;
  };
  onError(error: Error): void;
  readonly leaseMs?: number;
  readonly pollMs?: number;
}

export interface Async {
  /** Invocations that run, and callbacks that are being delivered. */
  readonly running: number;
  /** See `Dispatcher.close`; the queue stays open. */
  close(graceMs: number): Promise<void>;
}

/** Has what is queued run, and its callbacks delivered. */
export function startAsync(options: AsyncOptions): Async {
  const dispatchers = [startInvocations(options), startCallbacks(options)];
  return {
    get running() {
      return dispatchers.reduce((sum, { running }) => sum + running, 0);
    },
    close: async (graceMs) => {
      await Promise.all(dispatchers.map((dispatcher) => dispatcher.close(graceMs)));
    },
  };
}

function startInvocations(options: AsyncOptions): Dispatcher<Claim> {
  const { queue, invoke, concurrency = MOST_AT_A_TIME, onError } = options;
  const policyOf = async (id: FunctionId): Promise<AsyncPolicy> => {
    try {
      return await options.policyOf(id);
    } catch (error) {
      onError(error as Error);
      return DEFAULT_ASYNC_POLICY;
    }
  };
  return new Dispatcher<Claim>({
    ...timesOf(options),
    stage: "invocation",
    claim: (...args) => queue.claim(...args),
    run: async (claim, signal) =>
      runInvocation(claim, await policyOf(claim.function), invoke, signal),
    limitOf: async (line) => (await policyOf(functionOfLine(line))).concurrency,
    concurrency,
  });
}

function startCallbacks(options: AsyncOptions): Dispatcher<CallbackClaim> {
  const { queue, callbacks } = options;
  const { concurrency = 32, hostConcurrency = 4 } = callbacks;
  const delivery: DeliveryOptions = {
    ...DELIVERY_DEFAULTS,
    resolve: resolveHost,
    signingKey: undefined,
    ...callbacks,
  };
  const circuits = new Circuits();
  return new Dispatcher<CallbackClaim>({
    ...timesOf(options),
    stage: "callback",
    claim: (...args) => queue.claimCallbacks(...args),
    run: async (claim, signal) => {
      const { settlement, isHostWell } = await deliver(claim, delivery, signal);
      if (isHostWell !== undefined) circuits.note(callbackLine(claim.url), isHostWell);
      return settlement;
    },
    limitOf: (host) => circuits.limitOf(host, hostConcurrency),
    concurrency,
  });
}

function timesOf({ queue, onError, leaseMs, pollMs }: AsyncOptions) {
  const times: Pick<DispatcherOptions<Claim>, "leaseMs" | "pollMs"> = {
    ...(leaseMs === undefined ? {} : { leaseMs }),
    ...(pollMs === undefined ? {} : { pollMs }),
  };
  return { queue, onError, ...times };
}
