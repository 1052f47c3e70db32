import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "./listen.ts";

export interface MetricsServer extends AsyncDisposable {
  readonly port: number;
  close(): Promise<void>;
}

/** A scrape is small and its client is near: who takes longer is none. */
const REQUEST_TIMEOUT_MS = 5_000;

/** Serves `/metrics` and nothing else. Rejects with `LISTEN_FAILED`. */
export async function startMetricsServer(
  port: number,
  host: string | undefined,
  metrics: () => string,
): Promise<MetricsServer> {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => answer(request, response, metrics),
  );
  const listening = await listen(server, { port, host, variable: "metrics_port" });
  async function close(): Promise<void> {
    server.close();
    server.closeAllConnections();
  }
  return { port: listening, close, [Symbol.asyncDispose]: close };
}

function answer(request: IncomingMessage, response: ServerResponse, metrics: () => string): void {
  const [path] = (request.url ?? "").split("?");
  if (path === "/metrics")
    send(response, 200, "text/plain; version=0.0.4; charset=utf-8", metrics());
  else send(response, 404, "text/plain; charset=utf-8", "404 page not found\n");
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  const headers = {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
    "X-Content-Type-Options": "nosniff",
  };
  response.writeHead(status, headers).end(body);
}
