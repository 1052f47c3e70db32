import { get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** Whether a watchdog on this port of this machine takes requests, as it says itself; false too where it says nothing for so long. */
export function isHealthy(port: number, patienceMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const options = { host: LOOPBACK, port, path: "/_/health", agent: false, timeout: patienceMs };
  const request = get(options, (response) => {
    response.resume();
    resolve(response.statusCode === 200);
  });
  request.on("timeout", () => request.destroy());
  request.on("error", () => resolve(false));
  return promise;
}

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 250;

/** Asks again and again, ever less often. Resolves when it does, with true, or when `isWanted` says that nobody needs it. */
export async function whenHealthy(
  port: number,
  patienceMs: number,
  isWanted: () => boolean,
): Promise<boolean> {
  let pauseMs = FIRST_PAUSE_MS;
  while (isWanted()) {
    if (await isHealthy(port, patienceMs)) return true;
    await delay(pauseMs, undefined, { ref: false });
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
  return false;
}

export const LOOPBACK = "127.0.0.1";
