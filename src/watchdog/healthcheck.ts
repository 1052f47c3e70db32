import { get } from "node:http";
import { isIPv4 } from "node:net";
import { join } from "node:path";
import { exists } from "./health.ts";

const PATIENCE_MS = 5_000;
/** Where a watchdog answers that listens on all interfaces, too. */
const LOOPBACK = ["127.0.0.1", "::1"];

/**
 * Whether a watchdog with these variables takes requests: as long as there is its lock file or, where it writes none, as
 * it says itself.
 */
export async function runHealthcheck(
  variables: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const lock = Buffer.from(join(variables.TMPDIR || "/tmp", ".lock"), "latin1");
  if (exists(lock)) return true;
  // In mode `http`, PORT is the program's.
  const platformPort = variables.mode === "http" ? undefined : variables.PORT;
  const port = Number(variables.port || platformPort) || 8080;
  const hosts =
    isIPv4(variables.host ?? "") && variables.host !== "0.0.0.0" ? [variables.host] : LOOPBACK;
  const answers = await Promise.all(hosts.map((host) => isHealthy(host, port)));
  return answers.includes(true);
}

function isHealthy(host: string | undefined, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const request = get({ host, port, path: "/_/health", timeout: PATIENCE_MS }, (response) => {
    response.resume();
    resolve(response.statusCode === 200);
  });
  request.on("timeout", () => request.destroy());
  request.on("error", () => resolve(false));
  return promise;
}
