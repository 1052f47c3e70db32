import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { type DirectAnswer, empty, notFound, refuse, sendDirect } from "./direct-answer.ts";
import { Exchange } from "./exchange.ts";
import { inTurn } from "./occupant.ts";
import { isDirectAnswer, readHead } from "./request-head.ts";
import { sayNothingOfConnection } from "./unread-body.ts";
import { mayUpgrade } from "./upgrade.ts";

export interface HttpServerOptions extends ConnectionOptions {
  /** Where node's parser does not know the method, nobody else is asked. */
  readonly unknownMethodStatus: 405 | 501;
  /** A request may go on with another protocol; elsewhere it is served as if it had not asked. */
  readonly upgrades: boolean;
  /** A path with `.` or `..` in it is refused; otherwise its client is sent to what is meant, as by Go. */
  readonly refusesDotSegments?: boolean;
}

/**
 * A server that understands requests as Go's net/http does, but for what could be understood in two ways. `handle` is called
 * when all that came before on the same connection has been answered.
 */
export function createHttpServer(
  options: HttpServerOptions,
  handle: (exchange: Exchange) => void,
): Server {
  const server = createServer({
    ...toNodeOptions(options.readTimeoutMs),
    shouldUpgradeCallback: (request) =>
      options.upgrades && connections.get(request.socket)?.isFree === true && mayUpgrade(request),
  });
  // A client may close its side behind its request and still read: `nc -N`.
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  server.maxHeadersCount = MOST_HEADERS;
  const connections = new WeakMap<Socket, Connection>();
  const serving = { handle, refusesDotSegments: options.refusesDotSegments ?? false };
  server.on("connection", (socket) => {
    // Node keeps what it has found out once. Of a client that has reset its connection since, nothing could be.
    if (socket.remoteAddress === undefined) socket.destroy();
    else connections.set(socket, new Connection(socket, options));
  });
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    const connection = connections.get(request.socket);
    if (connection !== undefined && !connection.closing) {
      serveRequest(request, response, connection, serving);
    }
  };
  server.on("request", serve);
  server.on("checkContinue", serve);
  server.on("checkExpectation", serve);
  server.on("upgrade", (request, socket, early) => {
    const connection = connections.get(socket as Socket);
    if (connection?.isFree) serveUpgrade(request, connection, early, serving);
    else socket.destroy();
  });
  server.on("connect", (request, socket) =>
    answerConnect(request, socket as Socket, connections.get(socket as Socket)),
  );
  server.on("clientError", (error: ParseError, socket) =>
    answerClientError(error, connections.get(socket as Socket), options.unknownMethodStatus),
  );
  return server;
}

/** Go allows a head of one MiB, and 4 KiB for the careless. */
const HEAD_LIMIT_BYTES = 1024 * 1024 + 4096;
/** Go has no such limit. But whoever goes through a hundred thousand holds up all other requests meanwhile. */
const MOST_HEADERS = 32_768;

function toNodeOptions(readTimeoutMs: number) {
  return {
    maxHeaderSize: HEAD_LIMIT_BYTES,
    headersTimeout: readTimeoutMs,
    requestTimeout: readTimeoutMs,
    connectionsCheckingInterval: Math.min(Math.max(Math.floor(readTimeoutMs / 10), 20), 1000),
    keepAliveTimeout: readTimeoutMs,
    keepAliveTimeoutBuffer: 0,
    insecureHTTPParser: false,
    noDelay: true,
    // Ours are said as Go says them.
    requireHostHeader: false,
  };
}

interface Serving {
  readonly handle: (exchange: Exchange) => void;
  readonly refusesDotSegments: boolean;
}

function serveRequest(
  request: IncomingMessage,
  response: ServerResponse,
  connection: Connection,
  { handle, refusesDotSegments }: Serving,
): void {
  const { headers, httpVersionMinor } = request;
  if (response.shouldKeepAlive && httpVersionMinor === 1 && !headers.expect) {
    sayNothingOfConnection(response);
  }
  const head = readHead(request, refusesDotSegments);
  connection.response = response;
  connection.enter(
    isDirectAnswer(head)
      ? inTurn(() => answerDirectly(response, head, connection))
      : new Exchange(request, response, head, connection, handle),
  );
}

function answerDirectly(
  response: ServerResponse,
  answer: DirectAnswer,
  connection: Connection,
): void {
  const closes = answer.closes || connection.isLast;
  if (closes) connection.linger();
  sendDirect(response, { ...answer, closes }, () => connection.leave());
}

/** Node has let go of the connection: whatever becomes of the request, it is the last here. */
function serveUpgrade(
  request: IncomingMessage,
  connection: Connection,
  early: Buffer,
  serving: Serving,
): void {
  const { socket } = connection;
  socket.on("error", () => socket.destroy());
  if (early.length > 0) socket.unshift(early);
  // That the client leaves is seen by reading, for which nobody has a use yet.
  socket.read(0);
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once("finish", () => {
    response.detachSocket(socket);
    socket.destroySoon();
  });
  connection.linger();
  serveRequest(request, response, connection, serving);
}

function answerConnect(
  request: IncomingMessage,
  socket: Socket,
  connection: Connection | undefined,
): void {
  const isPath = request.url?.startsWith("/") ?? false;
  // Node has taken its own listeners away.
  socket.on("error", () => socket.destroy());
  connection?.broken(isPath ? empty(405, true) : notFound(), "malformed");
}

function answerClientError(
  error: ParseError,
  connection: Connection | undefined,
  unknownMethodStatus: 405 | 501,
): void {
  const code = error.code ?? "";
  // A request behind one that said it was the last is nobody's.
  if (connection === undefined || code === "HPE_CLOSED_CONNECTION") return;
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") connection.late(refuse(408));
  else if (code === "HPE_INVALID_EOF_STATE") connection.broken(refuse(400), "short");
  else if (code.startsWith("HPE_")) {
    connection.broken(toRefusal(error, unknownMethodStatus), "malformed");
  } else connection.socket.destroy();
}

/** What node's parser adds to its errors. */
interface ParseError extends NodeJS.ErrnoException {
  readonly reason?: string;
  readonly rawPacket?: Buffer;
  readonly bytesParsed?: number;
}

function toRefusal(error: ParseError, unknownMethodStatus: 405 | 501): DirectAnswer {
  if (error.code === "HPE_HEADER_OVERFLOW") return refuse(431);
  if (error.code === "HPE_INVALID_METHOD" && isRequestLine(failedLine(error))) {
    return empty(unknownMethodStatus, true);
  }
  return refuse(400, error.reason);
}

function failedLine({ rawPacket, bytesParsed = 0 }: ParseError): string {
  if (rawPacket === undefined) return "";
  const start = rawPacket.subarray(0, bytesParsed).lastIndexOf("\n") + 1;
  const end = rawPacket.indexOf("\r\n", start);
  return end < 0 ? "" : rawPacket.toString("latin1", start, end);
}

/** A method that node does not know is still one; anything else, a TLS greeting say, is no request. */
function isRequestLine(line: string): boolean {
  return /^[\w!#$%&'*+\-.^`|~]+ \S+ HTTP\/1\.[01]$/.test(line);
}
