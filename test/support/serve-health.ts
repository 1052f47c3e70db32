import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createHttpServer } from "../../src/http/server.ts";
import { answerHealth, answerReady, createHealth } from "../../src/watchdog/health.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

type Differences = Partial<Parameters<typeof createHealth>[0]>;

/** A server of nothing but health and readiness, with a lock file in a folder of its own. */
export async function serveHealth(differences: Differences = {}) {
  const folder = createTemporaryFolder();
  const health = createHealth({
    suppressLock: false,
    compat: "none",
    temporaryDirectory: folder.path,
    ...differences,
  });
  const limiter = { isFull: false };
  const server = createHttpServer(HTTP_OPTIONS, (exchange) => {
    if (exchange.head.path === "/_/health") answerHealth(health, exchange);
    else answerReady(health, limiter.isFull, exchange);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
    folder[Symbol.dispose]();
  });
  const { port } = server.address() as AddressInfo;
  const ask = async (path: string, method = "GET") => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    return {
      status: answer.status,
      type: answer.headers.get("content-type"),
      body: await answer.text(),
    };
  };
  return {
    folder: folder.path,
    lock: join(folder.path, ".lock"),
    health,
    limiter,
    healthStatus: async () => (await ask("/_/health")).status,
    readyStatus: async () => (await ask("/_/ready")).status,
    ask,
  };
}

const HTTP_OPTIONS = {
  readTimeoutMs: 0,
  writeTimeoutMs: 0,
  unknownMethodStatus: 405,
  upgrades: false,
  isDraining: () => false,
} as const;
