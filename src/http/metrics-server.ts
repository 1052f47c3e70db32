import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "./listen.ts";

export interface MetricsServer extends AsyncDisposable {
  readonly port: number;
  close(): Promise<void>;
}

/** A scrape is small and its client is near: who takes longer is none. */
const REQUEST_TIMEOUT_MS = 5_000;

/** Serves `/metrics`, `/healthz` where somebody can say it, and nothing else. Rejects with `LISTEN_FAILED`. */
export async function startMetricsServer(
  port: number,
  host: string | undefined,
  metrics: () => string,
  isHealthy?: () => boolean,
): Promise<MetricsServer> {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => answer(request, response, { metrics, isHealthy }),
  );
  const listening = await listen(server, { port, host, variable: "metrics_port" });
  async function close(): Promise<void> {
    server.close();
    server.closeAllConnections();
  }
  return { port: listening, close, [Symbol.asyncDispose]: close };
}

interface Said {
  readonly metrics: () => string;
  readonly isHealthy: (() => boolean) | undefined;
}

const TEXT = "text/plain; charset=utf-8";

function answer(
  { url = "", method }: IncomingMessage,
  response: ServerResponse,
  { metrics, isHealthy }: Said,
): void {
  const [path] = url.split("?");
  if (path === "/metrics") {
    send(response, 200, "text/plain; version=0.0.4; charset=utf-8", metrics());
  } else if (path === "/healthz" && isHealthy !== undefined) {
    if (method !== "GET") send(response, 405, TEXT, "");
    else if (isHealthy()) send(response, 200, TEXT, "OK");
    else send(response, 503, TEXT, "draining\n");
  } else {
    send(response, 404, TEXT, "404 page not found\n");
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  const headers = {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
    "X-Content-Type-Options": "nosniff",
  };
  response.writeHead(status, headers).end(body);
}
