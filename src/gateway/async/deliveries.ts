import { randomBytes, timingSafeEqual } from "node:crypto";
import { Agent, type IncomingMessage, request as send } from "node:http";
import type { Exchange } from "../../http/exchange.ts";
import { formatFunctionName } from "../invoke/function-name.ts";
import { ATTEMPT_HEADER, DELIVERY_HEADER } from "../invoke/replica-headers.ts";
import type { Answer } from "../queue/queue.ts";
import { type Attempt, type Invoke, UnkeepableAnswer } from "../queue/run-invocation.ts";

/** It is kept as a whole, in memory and then on disk. */
const MOST_ANSWER_BYTES = 64 * 1024 * 1024;

/** The way of queued invocations to their functions: over the same path as everybody's. */
export interface Deliveries extends Disposable {
  readonly invoke: Invoke;
  isDelivery(exchange: Exchange): boolean;
}

/** `address`: of the gateway itself, asked when something is delivered. */
export function createDeliveries(address: () => { host: string; port: number }): Deliveries {
  const secret = randomBytes(32).toString("hex");
  const agent = new Agent({ keepAlive: true });
  return {
    invoke: (attempt, signal) => invoke(attempt, signal, { ...address(), agent, secret }),
    isDelivery({ request }) {
      const said = request.headers[DELIVERY_HEADER];
      return typeof said === "string" && isSame(said, secret);
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

interface Way {
  readonly host: string;
  readonly port: number;
  readonly agent: Agent;
  readonly secret: string;
}

function isSame(said: string, secret: string): boolean {
  const [one, other] = [Buffer.from(said), Buffer.from(secret)];
  return one.length === other.length && timingSafeEqual(one, other);
}

async function invoke(attempt: Attempt, signal: AbortSignal, way: Way): Promise<Answer> {
  const { path, query } = attempt.request;
  const startedAt = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const asked = send({
    host: way.host,
    port: way.port,
    agent: way.agent,
    signal,
    method: attempt.request.method,
    path: `/function/${formatFunctionName(attempt.function)}${path}${query === "" ? "" : `?${query}`}`,
    headers: toHeaders(attempt, way.secret),
  });
  asked.once("response", resolve).once("error", reject);
  asked.end(attempt.request.body);
  const response = await promise;
  const body = await collect(response);
  if (wasNotAsked(response)) throw new Error(Buffer.from(body).toString("latin1").trim());
  return {
    status: response.statusCode as number,
    headers: response.rawHeaders,
    body,
    durationMs: performance.now() - startedAt,
  };
}

/**
 * The gateway says that there is no such function, or no replica: one that is replaced is away for a moment, and nothing that
 * was accepted may be lost to that, whichever answers are tried again.
 */
function wasNotAsked({ statusCode, headers }: IncomingMessage): boolean {
  return (statusCode === 404 || statusCode === 503) && headers["x-openfaas-internal"] === "gateway";
}

function toHeaders({ request, attempt, callId }: Attempt, secret: string): string[] {
  // No function's own host: it would be taken for all of its paths.
  const own = ["Host", "localhost", "Content-Length", String(request.body.length)];
  const ours = ["X-Call-Id", callId, ATTEMPT_HEADER, String(attempt), DELIVERY_HEADER, secret];
  return [...request.headers, ...own, ...ours];
}

async function collect(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > MOST_ANSWER_BYTES) {
      throw new UnkeepableAnswer(`the answer has over ${MOST_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  // Memory of its own, which can be handed to another thread.
  return Uint8Array.from(Buffer.concat(chunks));
}
