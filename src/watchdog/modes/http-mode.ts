import type { Tunnel } from "../../http/proxy/tunnel.ts";
import type { UpstreamPool } from "../../http/proxy/upstream-pool.ts";
import type { InvocationContext } from "../invocation-context.ts";
import type { Upstream } from "../upstream/upstream.ts";

/** What all requests to one upstream have in common. */
export interface HttpMode {
  readonly context: InvocationContext;
  readonly upstream: Upstream;
  readonly pool: UpstreamPool;
  /** Goes before each path; empty, or without a slash at its end. */
  readonly basePath: string;
  /** For a request that names no host. */
  readonly authority: string;
  readonly buffersBody: boolean;
  readonly tunnels: Set<Tunnel>;
}
