import { Buffer } from "node:buffer";
import type { UpstreamConfig } from "../../config/read-upstream.ts";
import { toAuthority } from "../../core/upstream-address.ts";
import { accepts } from "../../http/proxy/accepts.ts";
import { askStatus } from "../../http/proxy/ask-status.ts";
import { UpstreamPool } from "../../http/proxy/upstream-pool.ts";
import type { InvocationContext } from "../invocation-context.ts";
import type { Invoke } from "../invoke.ts";
import { Upstream } from "../upstream/upstream.ts";
import { HttpInvocation } from "./http.ts";
import type { HttpMode } from "./http-mode.ts";

/** Mode `http`: the function runs, and can be asked. */
export interface HttpService {
  readonly invoke: Invoke;
  readonly isReady: boolean;
  /** Ends the function. Never rejects. */
  stop(): Promise<void>;
}

const READY_PATIENCE_MS = 5_000;

/** Starts the function. `onChange`: it has begun to serve, or has ended. */
export function startHttpService(
  context: InvocationContext,
  onChange: (isUp: boolean) => void,
): HttpService {
  const { config, processes, telemetry } = context;
  const { address, buffersBody } = config.upstream as UpstreamConfig;
  const authority = toAuthority(address);
  const pool = new UpstreamPool(address);
  const check = async () => {
    const { readyPath: path } = config;
    if (!(await accepts(address))) return false;
    if (path === undefined) return true;
    const request = { path: `${address.basePath}${path}`, host: authority };
    const status = await askStatus(pool, request, READY_PATIENCE_MS);
    return status !== undefined && status < 300;
  };
  const { command } = config;
  telemetry.info(toForkingLine(command));
  const upstream = new Upstream({ command, processes, telemetry, check, onChange });
  const mode: HttpMode = {
    context,
    upstream,
    pool,
    basePath: address.basePath,
    authority,
    buffersBody,
    tunnels: new Set(),
  };
  return {
    invoke: (exchange, head, kind) => exchange.take(new HttpInvocation(mode, exchange, head, kind)),
    get isReady() {
      return upstream.isReady;
    },
    async stop() {
      for (const tunnel of mode.tunnels) tunnel.close();
      await upstream.stop();
      pool.close();
    },
  };
}

function toForkingLine([program = "", ...args]: readonly string[]): string {
  const line = `Forking: ${program}, arguments: [${args.join(" ")}]`;
  return Buffer.from(line, "latin1").toString();
}
