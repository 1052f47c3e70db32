import { get } from "node:http";

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

export const LOOPBACK = "127.0.0.1";
