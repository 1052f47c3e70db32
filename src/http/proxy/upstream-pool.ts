import type { Dispatcher } from "undici";
import Pool from "undici/lib/dispatcher/pool.js";
import type { UpstreamAddress } from "../../core/upstream-address.ts";

/** Ours ends before that of any server that the same machine would run: whole seconds are usual there, two the least. */
const IDLE_MS = 1_000;
/** As much as we take of a client, and Go's client does: what is more is no head any more. */
const HEAD_LIMIT_BYTES = 1024 * 1024;

/**
 * Connections to the upstream, as many as there are requests at a time, kept for a moment. Nothing is added to a request but
 * what its connection needs, and no time is limited here: who asks knows his limits.
 */
export function createUpstreamPool({ host, port, socketPath }: UpstreamAddress): Dispatcher {
  const authority = host.includes(":") ? `[${host}]` : host;
  return new Pool(socketPath === undefined ? `http://${authority}:${port}` : "http://localhost", {
    ...(socketPath !== undefined && { socketPath }),
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    keepAliveTimeoutThreshold: IDLE_MS / 2,
    maxHeaderSize: HEAD_LIMIT_BYTES,
  });
}

/** The status of a GET; `undefined` where none comes within the time. */
export function askStatus(
  pool: Dispatcher,
  request: { readonly path: string; readonly host: string },
  timeoutMs: number,
): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  let started: Dispatcher.DispatchController | undefined;
  const timer = setTimeout(() => {
    started?.abort(new Error("late"));
    resolve(undefined);
  }, timeoutMs);
  promise.finally(() => clearTimeout(timer));
  const headers = ["host", request.host];
  pool.dispatch(
    { method: "GET", path: request.path, headers },
    {
      onRequestStart(controller) {
        started = controller;
      },
      onResponseStart: (_controller, status) => {
        if (status >= 200) resolve(status);
      },
      onResponseData() {},
      onResponseEnd() {},
      onResponseError: () => resolve(undefined),
    },
  );
  return promise;
}
