import { createNetworkMatcher, type Network } from "../../core/networks.ts";
import { BodyMemory } from "../../http/body-memory.ts";
import type { Exchange } from "../../http/exchange.ts";
import type { Guard, InvocationContext, WhenAvailable } from "./context.ts";
import { Deadlines } from "./deadlines.ts";
import { Directory, type DirectoryOptions } from "./directory.ts";
import { Invocation } from "./invocation.ts";
import { type Located, locateByHeader, type Routes } from "./routes.ts";

export interface InvokerOptions extends DirectoryOptions {
  /** Whose `X-Forwarded-*` count. */
  readonly trustedProxies: readonly Network[];
  /** Of requests that have no `User-Agent`. */
  readonly userAgent: string;
  /** Hosts and paths of functions besides `/function/NAME`; given, and changed, by whoever knows of them. */
  readonly routes: Routes;
  /** How long a stream or a tunnel may be silent; 0: as long as it likes. */
  readonly streamIdleMs: number;
  /** Waits for a function's replica; `undefined`: nobody starts one. */
  readonly whenAvailable: WhenAvailable | undefined;
  /** `undefined`: functions are open to all. */
  readonly guard: Guard | undefined;
}

/** The way from the gateway's clients to its functions. */
export interface Invoker extends Disposable {
  /** Answers a request that is for a function. False: it is not, and nothing was done. */
  invoke(exchange: Exchange): boolean;
  /** Begun and not answered yet, with those that wait for a replica, and tunnels. */
  readonly inFlight: number;
  /** Ends what would go on for as long as it likes, and no server knows of: tunnels. */
  closeTunnels(): void;
}

/** Beyond this of all small bodies together they are not waited for any more, but go as they come. */
const ALL_BODIES_BYTES = 16 * 1024 * 1024;

/** To be disposed when nothing is in flight any more. */
export function createInvoker(options: InvokerOptions): Invoker {
  const { routes, streamIdleMs, telemetry, whenAvailable, guard, userAgent } = options;
  const directory = new Directory(options);
  const context: InvocationContext = {
    directory,
    telemetry,
    isTrustedProxy: createNetworkMatcher(options.trustedProxies),
    userAgent,
    whenAvailable,
    guard,
    idle: streamIdleMs === 0 ? undefined : new Deadlines(streamIdleMs),
    bodyMemory: new BodyMemory(ALL_BODIES_BYTES),
    tunnels: new Set(),
    inFlight: 0,
  };
  const closeTunnels = () => {
    for (const tunnel of context.tunnels) tunnel.close();
  };
  return {
    invoke(exchange) {
      const located = locate(routes, exchange);
      if (located === undefined) return false;
      exchange.take(new Invocation(context, exchange, located));
      return true;
    },
    get inFlight() {
      return context.inFlight;
    },
    closeTunnels,
    [Symbol.dispose]() {
      closeTunnels();
      directory[Symbol.dispose]();
    },
  };
}

function locate(routes: Routes, { head, request }: Exchange): Located | undefined {
  const { host, path } = head;
  return (
    routes.locate(host, path) ?? locateByHeader(path, request.method, request.headers["x-function"])
  );
}
