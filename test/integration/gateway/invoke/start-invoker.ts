import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import {
  createInvoker,
  type Invoker,
  type InvokerOptions,
} from "../../../../src/gateway/invoke/invoker.ts";
import { Routes } from "../../../../src/gateway/invoke/routes.ts";
import { createHttpServer } from "../../../../src/http/server.ts";
import { always, ScriptedUpstream } from "../../../support/scripted-upstream.ts";
import { ScriptedProvider } from "./scripted-provider.ts";

/** What was counted of a function, or of all names that are none. */
class Counted {
  started = 0;
  readonly ended: number[] = [];
  readonly load: string[] = [];
}

export interface StartedInvoker {
  readonly port: number;
  readonly invoker: Invoker;
  readonly provider: ScriptedProvider;
  counted(name: string): Counted;
}

/** A gateway's server that can only invoke; where a request is for no function it says 418. */
export async function startInvoker(
  options: Partial<InvokerOptions> = {},
  provider = new ScriptedProvider(),
): Promise<StartedInvoker> {
  const counters = new Map<string, Counted>();
  const counted = (name: string): Counted => {
    const known = counters.get(name) ?? new Counted();
    counters.set(name, known);
    return known;
  };
  const invoker = createInvoker({
    provider,
    defaultNamespace: "openfaas-fn",
    timeout: { ms: 60_000, variable: "upstream_timeout" },
    telemetry: createTelemetry(counted),
    trustedProxies: [],
    userAgent: "breeze-gateway/1.2.3",
    routes: new Routes(),
    streamIdleMs: 0,
    whenAvailable: undefined,
    guard: undefined,
    ...options,
  });
  const server = createHttpServer(
    {
      readTimeoutMs: 60_000,
      writeTimeoutMs: 60_000,
      isDraining: () => false,
      unknownMethodStatus: 405,
      upgrades: true,
      refusesDotSegments: true,
    },
    (exchange) => {
      if (!invoker.invoke(exchange)) exchange.response.writeHead(418).end("no function");
    },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
    invoker[Symbol.dispose]();
  });
  return { port: (server.address() as AddressInfo).port, invoker, provider, counted };
}

function createTelemetry(counted: (name: string) => Counted): InvokerOptions["telemetry"] {
  const countersOf = (name: string) => ({
    started: () => void counted(name).started++,
    ended: (status: number) => void counted(name).ended.push(status),
  });
  return {
    of: ({ name }) => countersOf(name),
    unknown: countersOf("unknown"),
    loadOf({ name }) {
      const { load } = counted(name);
      return {
        begin: () => void load.push("begin"),
        end: () => void load.push("end"),
        wait() {
          load.push("wait");
          return {
            begin: () => void load.push("begin"),
            leave: (isRefused: boolean) => void load.push(isRefused ? "refused" : "left"),
          };
        },
      };
    },
  };
}

/** Without its empty line. */
export const GET = "GET /function/echo HTTP/1.1\r\nHost: gateway\r\n";

/** A function `echo` whose one replica answers each request with the same bytes. */
export async function startEcho(answer: string, options: Partial<InvokerOptions> = {}) {
  const upstream = await ScriptedUpstream.listen(always(answer));
  const started = await startInvoker(options);
  started.provider.set("echo", [upstream.port]);
  return { upstream, ...started };
}
