import { onTestFinished } from "vitest";
import { type Api, type ApiOptions, createApi } from "../../src/gateway/api/api.ts";
import type { Denial, Gate } from "../../src/gateway/api/gate.ts";
import type { Route, Scope } from "../../src/gateway/api/route.ts";
import type { AsyncReport } from "../../src/gateway/api/schema/system.ts";
import { listen } from "../../src/http/listen.ts";
import type { FunctionId } from "../../src/provider/provider.ts";
import { DEFAULT_NAMESPACE, MemoryProvider } from "./memory-provider.ts";
import { askRaw, type RawAnswer, RawClient } from "./raw-http.ts";

export const UNAUTHORIZED: Denial = {
  status: 401,
  headers: { "Content-Type": "text/plain; charset=utf-8", "WWW-Authenticate": "Basic" },
  body: "invalid credentials",
};

export interface StartedApi {
  readonly api: Api;
  readonly port: number;
  readonly provider: MemoryProvider;
  /** What the gate was asked. */
  readonly scopes: (Scope | undefined)[];
  readonly alerts: string[];
  readonly reports: [FunctionId, AsyncReport][];
  readonly faults: unknown[];
  /** Invocations by path. */
  readonly invoked: string[];
  /** All else, as it was counted: method, path, status, seconds. */
  readonly answered: unknown[][];
  ask(method: string, target: string, body?: unknown, headers?: string): Promise<RawAnswer>;
  send(request: string): Promise<RawAnswer>;
  connect(): Promise<RawClient>;
}

export interface StartApiOptions {
  readonly gate?: Gate;
  readonly alertAnswer?: { readonly status: number; readonly body: string };
  readonly counts?: Readonly<Record<string, number>>;
  readonly moreRoutes?: readonly Route[];
  readonly readTimeoutMs?: number;
  readonly findProblems?: ApiOptions["findProblems"];
}

/** The API of a gateway on a free port, before a provider that keeps all in memory; gone with the test. */
export async function startApi(options: StartApiOptions = {}): Promise<StartedApi> {
  const provider = new MemoryProvider();
  const seen = {
    scopes: [],
    alerts: [],
    reports: [],
    faults: [],
    invoked: [],
    answered: [],
  } as Pick<StartedApi, "scopes" | "alerts" | "reports" | "faults" | "invoked" | "answered">;
  const { gate = () => undefined, readTimeoutMs = 10_000, counts = {} } = options;
  const api = await createApi({
    provider,
    defaultNamespace: DEFAULT_NAMESPACE,
    version: { release: "1.2.3", sha: "abc", commitMessage: "Begin" },
    architecture: "x86_64",
    findProblems: options.findProblems ?? (() => []),
    reserveRoutes: () => () => {},
    isDraining: () => false,
    scale: (id, replicas) => provider.scale(id, replicas),
    onAnswered: (...answered) => void seen.answered.push(answered),
    countInvocations: ({ name }) => counts[name] ?? 0,
    metrics: () => "up 1\n",
    http: {
      readTimeoutMs,
      writeTimeoutMs: 10_000,
      unknownMethodStatus: 405,
      isDraining: () => false,
      upgrades: true,
    },
    gate(request, scope) {
      seen.scopes.push(scope);
      return gate(request, scope);
    },
    invoke(exchange) {
      const { path } = exchange.head;
      if (!path.startsWith("/function/")) return false;
      seen.invoked.push(path);
      exchange.answer(200, [], "invoked");
      return true;
    },
    async onAlert(body) {
      seen.alerts.push(body);
      return options.alertAnswer ?? { status: 200, body: "" };
    },
    onAsyncReport: (id, report) => void seen.reports.push([id, report]),
    onFault: (_id, error) => void seen.faults.push(error),
    ...(options.moreRoutes === undefined ? {} : { moreRoutes: options.moreRoutes }),
  });
  const port = await listen(api.server, { port: 0, host: "127.0.0.1", variable: "port" });
  onTestFinished(async () => {
    await api.close();
    api.server.close();
    api.server.closeAllConnections();
  });
  return {
    ...seen,
    api,
    port,
    provider,
    send: (request) => askRaw(port, request),
    ask: (method, target, body, headers) => askRaw(port, toRequest(method, target, body, headers)),
    connect: () => RawClient.connect(port),
  };
}

/** A text is sent as it is, all else as JSON. */
export function toRequest(method: string, target: string, body?: unknown, headers = ""): string {
  const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
  const bytes = Buffer.from(text).toString("latin1");
  const length = body === undefined ? "" : `Content-Length: ${bytes.length}\r\n`;
  return `${method} ${target} HTTP/1.1\r\nHost: gateway\r\n${headers}${length}\r\n${bytes}`;
}

/** Its body, as chunks without a length. */
export function toChunkedRequest(method: string, target: string, body: unknown): string {
  const text = JSON.stringify(body);
  const half = text.length >> 1;
  const chunks = [text.slice(0, half), text.slice(half), ""]
    .map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    .join("");
  return `${method} ${target} HTTP/1.1\r\nHost: gateway\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`;
}
