import { ProxiedRequest } from "./proxied-request.ts";
import type { UpstreamPool } from "./upstream-pool.ts";

/** The status of a GET; `undefined` where none comes within the time. */
export function askStatus(
  pool: UpstreamPool,
  { path, host }: { readonly path: string; readonly host: string },
  timeoutMs: number,
): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const end = (status: number | undefined) => {
    clearTimeout(timer);
    request.abort();
    resolve(status);
  };
  const timer = setTimeout(() => end(undefined), timeoutMs);
  const outgoing = {
    method: "GET",
    path,
    host,
    headers: [],
    body: undefined,
    length: 0,
    upgrade: undefined,
  };
  const request = new ProxiedRequest(pool, outgoing, {
    onInformation() {},
    onHead: ({ status }) => end(status),
    onChunk() {},
    onEnd() {},
    onUpgraded: (_head, upstream) => upstream.destroy(),
    onFailed: () => end(undefined),
  });
  request.send();
  return promise;
}
