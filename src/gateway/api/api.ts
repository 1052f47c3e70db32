import type { Server } from "node:http";
import type { Exchange } from "../../http/exchange.ts";
import { createHttpServer, type HttpServerOptions } from "../../http/server.ts";
import { ApiError } from "./api-error.ts";
import { createDispatch, type OnAnswered } from "./dispatch.ts";
import { type OnFault, toFailure } from "./failure.ts";
import type { Gate } from "./gate.ts";
import { withDocument } from "./open-api.ts";
import type { Route } from "./route.ts";
import { createRoutes } from "./routes.ts";
import type { Surroundings } from "./surroundings.ts";

export interface ApiOptions extends Surroundings {
  readonly http: HttpServerOptions;
  readonly gate: Gate;
  /**
   * Asked first, of each request. True: it is an invocation, and answered there. It gets everything below `/function/` and
   * `/async-function/`, and whatever else a function has.
   */
  readonly invoke: (exchange: Exchange) => boolean;
  /** Rows of others. */
  readonly moreRoutes?: readonly Route[];
  readonly onFault: OnFault;
  /** A request that was for no function is over. */
  readonly onAnswered: OnAnswered;
}

/** What the gateway answers. Whoever made it has the server listen, drains it and closes it. */
export interface Api extends AsyncDisposable {
  readonly server: Server;
  /** The whole table, with the row of the document that describes it. */
  readonly routes: readonly Route[];
  /** Ends the answers that would go on for ever, and leaves the server to its owner. */
  close(): Promise<void>;
}

export async function createApi(options: ApiOptions): Promise<Api> {
  const { release } = options.version;
  const routes = withDocument([...createRoutes(options), ...(options.moreRoutes ?? [])], release);
  const closing = new AbortController();
  const app = await createDispatch({
    routes,
    gate: options.gate,
    closing: closing.signal,
    onAnswered: options.onAnswered,
    toFailure: (error) => toFailure(error, options.onFault),
    createServer: (serve) =>
      createHttpServer(options.http, (exchange) => {
        if (!options.invoke(exchange)) serve(exchange);
      }),
  });
  async function close(): Promise<void> {
    closing.abort(new ApiError(503, "the gateway is closing"));
    await app.close();
  }
  return { server: app.server, routes, close, [Symbol.asyncDispose]: close };
}
