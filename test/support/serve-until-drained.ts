import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { createDrain, type DrainOptions, type DrainStep } from "../../src/http/drain.ts";

/** A server whose answers come when the test says so. */
export async function serveUntilDrained(differences: Partial<DrainOptions> = {}) {
  const pending: ServerResponse[] = [];
  const steps: [DrainStep, number][] = [];
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    response.shouldKeepAlive = !drain.begun;
    if (request.url === "/slow") pending.push(response);
    else response.end(drain.begun ? "draining" : "serving");
  };
  const server = createServer({ keepAliveTimeout: 60_000 }, handle);
  const drain = createDrain({
    server,
    graceMs: 60_000,
    timeoutMs: 0,
    inFlight: () => pending.length,
    async terminate() {
      for (const response of pending.splice(0)) response.destroy();
    },
    onStep: (step, inFlight) => steps.push([step, inFlight]),
    ...differences,
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    server,
    drain,
    steps,
    stepNames: () => steps.map(([step]) => step),
    pending,
    answerAll: () => {
      for (const response of pending.splice(0)) response.end("done");
    },
    client: () => openClient(port),
  };
}

/** One connection, and all that came back on it. */
async function openClient(port: number) {
  const socket: Socket = connect(port, "127.0.0.1");
  const client = {
    socket,
    received: "",
    isClosed: false,
    send: (text: string) => socket.write(text),
    ask: (path: string) => socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`),
  };
  socket.on("data", (chunk) => {
    client.received += chunk.toString();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    client.isClosed = true;
  });
  onTestFinished(() => {
    socket.destroy();
  });
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  return client;
}
