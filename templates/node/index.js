// Serves the handler: one process for all requests, behind the watchdog, which starts it, watches it and ends it.
import { createServer } from "node:http";
import handler from "./function/handler.js";

class Context {
  statusCode = 200;
  headerValues = {};

  status(code) {
    this.statusCode = code;
    return this;
  }

  headers(values) {
    Object.assign(this.headerValues, values);
    return this;
  }

  succeed(body) {
    this.body = body;
    return this;
  }

  fail(error) {
    throw error;
  }
}

async function toEvent(request) {
  const { pathname, searchParams } = new URL(request.url, "http://function");
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return {
    method: request.method,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: request.headers,
    body: parseBody(Buffer.concat(chunks), request.headers["content-type"] ?? ""),
  };
}

function parseBody(bytes, type) {
  if (process.env.RAW_BODY === "true") return bytes;
  const text = bytes.toString();
  return type.startsWith("application/json") && text !== "" ? JSON.parse(text) : text;
}

function toBytes(body) {
  if (body === undefined || body === null) return [Buffer.alloc(0), "text/plain; charset=utf-8"];
  if (body instanceof Uint8Array) return [body, "application/octet-stream"];
  if (typeof body === "string") return [Buffer.from(body), "text/plain; charset=utf-8"];
  return [Buffer.from(JSON.stringify(body)), "application/json"];
}

async function respond(request, response) {
  const event = await toEvent(request).catch((error) => ({ error }));
  if (event.error !== undefined) {
    response.writeHead(400).end(`${event.error.message}\n`);
    return;
  }
  const context = new Context();
  const returned = await handler(event, context);
  const [bytes, type] = toBytes(returned === context ? context.body : returned);
  response.writeHead(context.statusCode, { "Content-Type": type, ...context.headerValues });
  response.end(bytes);
}

const server = createServer((request, response) => {
  respond(request, response).catch((error) => {
    console.error(error);
    if (response.headersSent) response.destroy();
    else response.writeHead(500).end("The function failed; its log says why.\n");
  });
});
server.listen(Number(process.env.http_port ?? 3000), "127.0.0.1");
process.on("SIGTERM", () => server.close());
