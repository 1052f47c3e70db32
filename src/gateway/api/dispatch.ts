import { type IncomingMessage, METHODS, type Server } from "node:http";
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type HTTPMethods,
} from "fastify";
import type { Exchange } from "../../http/exchange.ts";
import { type Answer, nothingThere, sayNothing, sayText } from "./answer.ts";
import type { Denial, Gate } from "./gate.ts";
import { Reply } from "./reply.ts";
import type { Params, Route } from "./route.ts";
import { serveRoute } from "./serve-route.ts";

/** `path`: as the table has it; `undefined` where it has none like that. */
export type OnAnswered = (
  method: string,
  path: string | undefined,
  status: number,
  exchange: Exchange,
) => void;

export interface DispatchOptions {
  readonly routes: readonly Route[];
  readonly gate: Gate;
  /** Aborted: what would go on for ever ends. */
  readonly closing: AbortSignal;
  readonly toFailure: (error: unknown) => Answer;
  readonly onAnswered: OnAnswered;
  /** The server that has `serve` answer what is for the API. */
  readonly createServer: (serve: (exchange: Exchange) => void) => Server;
}

/** The largest secret is half a megabyte, or a third more in base64. */
const BODY_LIMIT_BYTES = 2 * 1024 * 1024;

/** Fastify, which finds the row and reads the body. What is answered goes over the exchange, which knows its connection. */
export async function createDispatch(options: DispatchOptions): Promise<FastifyInstance> {
  const dispatch = new Dispatch(options);
  const app = fastify({
    serverFactory: (handler) =>
      options.createServer((exchange) => {
        dispatch.enter(exchange);
        handler(exchange.request, exchange.response);
      }),
    rewriteUrl: (request) => dispatch.targetOf(request as IncomingMessage),
    // A path that is none, or has a longer name in it than there are.
    frameworkErrors: (_error, request, reply) => dispatch.send(request, reply, nothingThere()),
    bodyLimit: BODY_LIMIT_BYTES,
    // The server has answered it: another answer behind that would be taken for the next request's.
    clientErrorHandler() {},
    exposeHeadRoutes: false,
    logger: false,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.addHook("onRequest", (request, reply) => dispatch.admit(request, reply));
  app.setErrorHandler<FastifyError>((error, request, reply) =>
    dispatch.fail(error, request, reply),
  );
  addRoutes(app, options.routes, (request, reply) => dispatch.serve(request, reply));
  await app.ready();
  return app;
}

/** Each path takes every method: which of them has a row is found out before a body is read. */
function addRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<void>,
): void {
  const methods = METHODS.filter((method) => method !== "CONNECT") as HTTPMethods[];
  for (const method of methods) {
    if (!app.supportedMethods.includes(method)) app.addHttpMethod(method, { hasBody: true });
  }
  const paths = new Set(routes.map(({ path }) => toPattern(path)));
  for (const url of paths) app.route({ method: methods, url, handler });
}

const toPattern = (path: string) => path.replaceAll(/\{(\w+)\}/g, ":$1");

class Dispatch {
  readonly #options: DispatchOptions;
  /** By pattern. */
  readonly #rows = new Map<string, Route[]>();
  readonly #replies = new WeakMap<IncomingMessage, Reply>();

  constructor(options: DispatchOptions) {
    this.#options = options;
    for (const route of options.routes) {
      const pattern = toPattern(route.path);
      this.#rows.set(pattern, [...(this.#rows.get(pattern) ?? []), route]);
    }
  }

  enter(exchange: Exchange): void {
    const { request } = exchange;
    const reply = new Reply(exchange);
    this.#replies.set(request, reply);
    exchange.take(reply);
    // JSON is asked for, whatever a client calls it.
    delete request.headers["content-type"];
  }

  /** Without the host of an absolute one. */
  targetOf(request: IncomingMessage): string {
    const { path, query } = this.#replyTo(request).exchange.head;
    return query === "" ? path : `${path}?${query}`;
  }

  /** Before anything of a body is read. */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    this.#watch(request);
    const refusal = await this.#refusalOf(request).catch(this.#options.toFailure);
    if (refusal !== undefined) this.send(request, reply, refusal);
    else this.#replyTo(request.raw).exchange.wantBody();
  }

  async serve(request: FastifyRequest, fastifyReply: FastifyReply): Promise<void> {
    fastifyReply.hijack();
    const reply = this.#replyTo(request.raw);
    const { closing, toFailure } = this.#options;
    try {
      const answer = await serveRoute(this.#rowOf(request) as Route, {
        exchange: reply.exchange,
        params: request.params as Partial<Params>,
        body: request.body as Buffer | undefined,
        signal: AbortSignal.any([reply.left, closing]),
      });
      if ("lines" in answer) await reply.sendLines(answer, closing);
      else reply.send(answer);
    } catch (error) {
      // What was given up because nobody waits for it has not failed.
      const over = [closing, reply.left].find(({ aborted }) => aborted);
      reply.send(toFailure(over?.reason ?? error));
    }
  }

  /** What Fastify says of a body. */
  fail(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
    const { statusCode: status = 500 } = error;
    const isOurs = status >= 500;
    // A client that leaves within its body is an error to Fastify, and to nobody else.
    if (isOurs && this.#replyTo(request.raw).left.aborted) reply.hijack();
    else if (isOurs) this.send(request, reply, this.#options.toFailure(error));
    else this.send(request, reply, sayText(status, error.message));
  }

  send(request: FastifyRequest, reply: FastifyReply, answer: Answer): void {
    reply.hijack();
    this.#replyTo(request.raw).send(answer);
  }

  /** Why a request is not served; `undefined`: it is. */
  async #refusalOf(request: FastifyRequest): Promise<Answer | undefined> {
    const route = this.#rowOf(request);
    const rows = this.#rowsOf(request);
    const isOpen = route?.scope === "open" || (route === undefined && isOpenPath(request, rows));
    if (!isOpen) {
      const denial = await this.#options.gate(request.raw, route?.scope);
      if (denial !== undefined) return toAnswer(denial);
    }
    if (route !== undefined) return undefined;
    if (rows.length === 0) return nothingThere();
    return sayNothing(405, ["Allow", rows.map(({ method }) => method).join(", ")]);
  }

  #watch(request: FastifyRequest): void {
    const { exchange } = this.#replyTo(request.raw);
    const { response } = exchange;
    const path = this.#rowsOf(request)[0]?.path;
    response.once("close", () =>
      this.#options.onAnswered(request.method, path, response.statusCode, exchange),
    );
  }

  #rowsOf({ routeOptions }: FastifyRequest): readonly Route[] {
    return this.#rows.get(routeOptions.url ?? "") ?? [];
  }

  #rowOf(request: FastifyRequest): Route | undefined {
    return this.#rowsOf(request).find(({ method }) => method === request.method);
  }

  #replyTo(request: IncomingMessage): Reply {
    return this.#replies.get(request) as Reply;
  }
}

/** Whether something is below `/system`, and which methods it takes, is not for everybody to know. */
function isOpenPath({ url }: FastifyRequest, rows: readonly Route[]): boolean {
  if (rows.length > 0) return rows.every(({ scope }) => scope === "open");
  return !/^\/system(?:[/?]|$)/i.test(url);
}

function toAnswer({ status, headers, body }: Denial): Answer {
  return { status, headers: Object.entries(headers).flat(), body };
}
